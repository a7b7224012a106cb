"""Descriptions of a delivery for programs: CSVW, data package, DDI-Codebook, HealthDCAT-AP, RO-Crate.

What belongs here: one module a standard, each written from the one description. What must not: finding anything out
(the caller), counting (codebook), or pages for people (documents).
"""
