"""Article text -> quotations, and who is said to have said them; imports nothing else of airquote's."""
