"""Where engine and jobs meet: claims jobs, feeds the engine, writes what comes out.

The only room that imports the engine.
"""
