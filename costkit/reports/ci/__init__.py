"""What CI platforms read: annotations, code quality, metrics, JUnit, SARIF, variables."""
