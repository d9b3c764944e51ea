"""Query tree -> hits: passages are proposed by the index, spans are decided on the words."""
