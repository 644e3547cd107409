"""Values in, renderables out; a view never queries anything."""
