"""Rates the risk of each client: a plugin for Practice CRM."""
