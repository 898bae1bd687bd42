"""Plays Twilio and Telegram from outside: signs and posts requests, follows the answers, keeps their limits."""

from simulator.exchange.bot_api import BotApi
from simulator.exchange.bot_chats import Chat, ChatMessage
from simulator.exchange.call import Call, NotNow
from simulator.exchange.course import RunawayCall
from simulator.exchange.exchange import Exchange, Notice
from simulator.exchange.refusal import Refused
from simulator.exchange.trouble import Fault

__all__ = ["BotApi", "Call", "Chat", "ChatMessage", "Exchange", "Fault", "NotNow", "Notice", "Refused", "RunawayCall"]
