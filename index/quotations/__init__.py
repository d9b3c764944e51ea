"""Article text -> quotations and their speakers; imports no other part of airquote."""
