"""Exchange: files that other programs wrote, read as contacts.

`tables` reads a delimited file as lines of cells, `headings` recognises what each column means,
`records` makes a contact, or a refusal that names the place, of each line.
"""
