"""Whole calls and texts over real HTTP: our web application, played to by the exchange as Twilio would."""
