"""A cluster (kluster) of machines that link and extract slice by slice: Apache Spark, standalone.

What belongs here: reaching it, what must be switched on before anything is sent, what its processes do with a slice.
What must not: how a slice is linked (samkorning.linkage.slices), or which files a cluster links (assets.steps).
"""
