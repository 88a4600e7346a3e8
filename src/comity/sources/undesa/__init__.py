"""UN DESA: migrant stock by origin and destination."""
