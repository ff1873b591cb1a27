"""The paper side of signatures: a PDF is measured, marked, sealed, and later looked at.

It knows no store and no language: visible words come in, reasons go out.
"""
