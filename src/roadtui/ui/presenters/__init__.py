"""Each shows on the dashboard, or opens over it, what one part of the session reports."""
