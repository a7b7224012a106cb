"""Files of SAS, SPSS and Stata, each value read by two readers."""
