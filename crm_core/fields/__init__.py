"""Custom fields: what a firm wants to know of its accounts and contacts beyond what all ask.

`values` says what there is; `texts`, `numbers` and `reaching` read and show what people type, and
`kinds` names these for each type. `defining` is how a firm makes its fields, `retyping` gives one
another type; `reading` tells what accounts and contacts have in them, `asking` makes forms of them,
`saving` writes what was entered.
"""
