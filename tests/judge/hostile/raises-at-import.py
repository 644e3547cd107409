# raised
raise RuntimeError('at import')
