"""Channels: voice and SMS by way of Twilio."""
