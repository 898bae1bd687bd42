"""Plays Twilio from outside: signs and posts requests, follows the answers, keeps its limits."""

from simulator.exchange.call import Call, NotNow
from simulator.exchange.course import RunawayCall
from simulator.exchange.exchange import Exchange, Notice
from simulator.exchange.refusal import Refused
from simulator.exchange.trouble import Fault

__all__ = ["Call", "Exchange", "Fault", "NotNow", "Notice", "Refused", "RunawayCall"]
