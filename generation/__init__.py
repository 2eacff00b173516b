"""From a prompt to pictures: prompt language, job rules, engine, workers, live progress, pages and REST."""
