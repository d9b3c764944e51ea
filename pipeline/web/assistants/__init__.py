"""The library for assistants, as a server of the Model Context Protocol (MCP)."""
