"""A second, independent implementation of the Audit Vault contract."""
