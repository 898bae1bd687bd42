"""Plays Twilio from outside: signs and posts requests, follows the answers, keeps its limits."""
