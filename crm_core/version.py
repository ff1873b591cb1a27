"""The version of the whole: core, shell and the plugins that ship with it."""

__version__ = "0.1.0"
