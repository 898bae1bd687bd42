"""What staff read when something does not go, and how a request can end. Extracted like `core.phrases`."""

from __future__ import annotations

from core.phrases import phrase

HAS_IT = phrase("{name} has this request. Ask them, or choose another one.")
IS_OVER = phrase("This request is closed. Go back to the list.")
NO_SUCH_REQUEST = phrase("This request is not on your list. Go back to the list.")
TAKE_IT_FIRST = phrase("Nobody has this request yet. Take it first.")
UNSEEN = phrase("There are new messages. Read them, then send your answer again. Your words are kept below.")
STOPPED = phrase("This resident said STOP to messages. Call them instead.")
NO_TEXTS = phrase("Text messages do not arrive at this number. Call them instead.")
THEY_STOPPED = phrase("They stopped the messages themselves. Only they can allow them again: they write START to us.")
NO_NUMBER = phrase("The number of this caller is not known. Wait until they call again.")
NOT_RUNG = phrase("This number is dear to ring, or in a country that we do not ring. Ask for another one.")
NO_NUMBER_IN_CHAT = phrase("We do not know the telephone number of this person. Ask for it in your answer.")
NO_PHONE_OF_YOURS = phrase("We do not know your own telephone number. Ask for it to be added to your account.")
NO_CALLS_HERE = phrase("Calls are not set up here.")
EMPTY = phrase("Write something first.")
TOO_LONG = phrase("That is too long. Use at most {most} characters.")
NO_SUCH_DEPARTMENT = phrase("Choose a department from the list.")
NO_OUTCOME = phrase("Choose how it ended.")
NO_SUCH_CASE = phrase("This case is not on your list. Go back to the list.")
NO_MEANING = phrase("Choose what was meant.")
NO_SUCH_WORDS = phrase("These words are not there any more. Go back to the list.")

OUTCOME_ANSWERED = phrase("The question was answered")
OUTCOME_DONE = phrase("What was asked for is done")
OUTCOME_NOT_REACHED = phrase("We could not reach them")
OUTCOME_NOT_OURS = phrase("It was not for this office")

WRONG_SIGN_IN = phrase("Name or password is wrong. Try again, or ask for a new password.")
TOO_MANY_SIGN_INS = phrase("Too many tries. Wait a few minutes, then try again.")
WRONG_PASSWORD = phrase("The old password is wrong.")
PASSWORD_LENGTH = phrase("Choose a password of {least} to {most} characters.")

CALL_PLACING = phrase("The call is being placed")
CALL_RINGING = phrase("Your telephone rings")
CALL_PICKED_UP = phrase("Their telephone was answered")
CALL_NOT_PLACED = phrase("The call could not be placed. Try again, or call from your own telephone.")
CALL_COUNTRY_CLOSED = phrase("The provider does not ring this country for us. Tell whoever runs this line.")
CALL_STAFF_NOT_REACHED = phrase("You did not take the call")
CALL_NOT_ACCEPTED = phrase("Nobody pressed 1: perhaps a voicemail. Nothing private was said.")
CALL_COMPLETED = phrase("You were connected")
CALL_BUSY = phrase("Busy")
CALL_NO_ANSWER = phrase("No answer")
CALL_FAILED = phrase("The call failed")
