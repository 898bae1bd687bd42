"""Every sentence of the system itself, in English, which is also its message id.

`phrase` and `counted` are what the extraction of messages looks for (`app.wording`). Sentences here never mention
keys, buttons or taps, except those under "for the phone", which only `core.render` uses.
"""

from __future__ import annotations

from core.types import Param, Phrase


def phrase(msgid: str, /, **params: Param) -> Phrase:
    """A sentence with its parameters."""
    return Phrase(id=msgid, params=params)


def counted(one: str, many: str, count: int, /, **params: Param) -> Phrase:
    """A sentence whose form depends on `count`, which is also its parameter {count}."""
    return Phrase(id=one, plural=many, count=count, params={"count": count, **params})


def text(msgid: str, /, **params: Param) -> Phrase:
    """A sentence of the catalogue, extracted from there."""
    return Phrase(id=msgid, params=params)


# --- greeting and language
WELCOME = phrase("{town} services.")
OTHER_LANGUAGE = phrase("another language")
FOREIGN = phrase("This seems to be {language}. For a person with an interpreter, choose: {choice}.")
INTERPRETER = phrase("We ask for a person who speaks your language, with an interpreter.")

# --- menus
WHAT_ABOUT = phrase("What is it about?")
WHICH_ONE = phrase("{category}: which one?")
WHICH = phrase("Which one?")
MORE = phrase("more")
UNSURE = phrase("I am not sure what you mean. Is it one of these?")
SOMETHING_ELSE = phrase("something else")
GREETING = phrase("Hello.")
THANKS = phrase("You are welcome.")
NOT_OURS = phrase("We do not offer that here.")
NEAREST = phrase("This is the nearest that we have. Is it one of these?")
TWO_WISHES = phrase("First: {first}. Then: {second}.")
OTHER_WISH = phrase("your other question: {title}")
NOT_THAT = phrase("Not this: {title}.")

# --- when they ask why
QUOTED = phrase('"{words}"')
WHY_WORDS = phrase("You said {words}. That sounds like: {title}.")
WHY_SOUNDS = phrase("What you said sounds like: {title}.")
WHY_NAMED = phrase("You said its name: {title}.")
WHY_CHOSEN = phrase("You chose this: {title}.")
WHY_NOT_OURS = phrase("You said {words}. That sounds like something we do not offer.")
WHY_ASKED = phrase("We ask this for: {title}. Your answers go to: {department}.")
WHY_DANGER = phrase("What you said sounded like danger.")
WHY_HERE = phrase("This line is about the services of {town}. Choose one, say what you need, or ask for a person.")

# --- a person at the desk
PERSON_HERE = phrase("A person from the office has your messages now. They answer here.")
WITH_PERSON = phrase("A person has your messages. They answer here.")
FROM_PERSON = phrase("{town}, a person from the office: {words}")
HANDED_BACK = phrase("The person has left. The automatic service is here again.")
PERSON_DONE = phrase("The person has closed your question. Write again at any time.")

# --- a person at the desk, for the phone
STAY_ON = phrase("We are looking for a person. Please stay on the line.")
CALL_ME = phrase("Or press 1, and we call you back. You keep your place.")
STAFF_PRESS = phrase("This is Plainline. To be connected now, press 1.")
STAFF_OVER = phrase("The call is over. Please write down how it ended.")
STAFF_NOT_REACHED = phrase("Nobody could be reached. The request stays on your list.")
CALLED_BACK = phrase("{town} is calling. You asked us to call you.")
CALLED_BACK_PRESS = phrase("To talk to a person, press 1.")

# --- a service
ANYTHING_ELSE = phrase("What do you want to know?")
TITLE = phrase("{title}.")
ASK_PAPERS = phrase("who it is for and what to bring")
ASK_COST = phrase("what it costs and how long it takes")
ASK_WHERE = phrase("where to go")
ASK_START = phrase("starting it now")
ASK_REPORT = phrase("reporting it now")
ASK_TEXT = phrase("getting this as a text message")
ASK_CODE = phrase("a code to go on by text or chat")
BRING = phrase("Bring: {papers}.")
BRING_NOTHING = phrase("You do not need to bring anything.")
GO_TO = phrase("{office}, {address}.")
NO_NEED_TO_COME = phrase("You do not need to come. We do it by phone.")
OPEN_NOW = phrase("It is open now.")
OPENS = phrase("It opens on {time}.")


def takes(unit: str, count: int) -> Phrase:
    """How long something takes; `unit` is working_days, days or weeks."""
    if unit == "working_days":
        return counted("It takes about {count} working day.", "It takes about {count} working days.", count)
    if unit == "weeks":
        return counted("It takes about {count} week.", "It takes about {count} weeks.", count)
    return counted("It takes about {count} day.", "It takes about {count} days.", count)


# --- by number
ASK_NUMBER = phrase("Which number? A service has 3 digits, a code 8, and a case 9.")
NO_SUCH_SERVICE = phrase("There is no service with the number {number}.")
NO_SUCH_NUMBER = phrase("I do not find this number. Please check it.")
TOO_MANY_TRIES = phrase("We can not take more numbers now. A person can help you.")
CASE_RECEIVED = phrase("We have your request. The work has not begun yet.")
CASE_IN_WORK = phrase("We are working on your request.")
CASE_DONE = phrase("Your request is done.")
CODE_IS = phrase("Your code is {code}. It works one time, for 15 minutes.")

# --- a form


def form_begins(count: int) -> Phrase:
    """How much is asked, said before the first question (W3C COGA o5p04)."""
    return counted("There is {count} short question.", "There are {count} short questions.", count)


YES = phrase("yes")
NO = phrase("no")
GIVE_IT = phrase("answering this question")
SKIP_IT = phrase("skipping this question")
GIVE_LATER = phrase("telling it to the person who calls you")
THIS_NUMBER = phrase("the number {number}")
OTHER_NUMBER = phrase("another number")
WHICH_DATE = phrase("Which day do you mean?")
DID_YOU_SAY = phrase("I heard: {words}. Is that your answer?")
READ_BACK = phrase("{question} {answer}.")
ALL_RIGHT = phrase("Shall we send it like this?")
SEND_IT = phrase("yes, send it")
CHANGE_IT = phrase("no, change something")
CHANGE_WHICH = phrase("Which answer do you want to change?")
LATER = phrase("you tell us later")
SKIPPED = phrase("no answer")
OPENED = phrase("It is done. Your reference is {reference}.")
ASK_ELSE = phrase("What now?")
ASK_NEWS = phrase("being told how it goes on")
NEWS_WHEN = phrase("When may we tell you?")
NEWS_DAY = phrase("at any time of the day")
NEWS_MORNING = phrase("in the morning")
NEWS_AFTERNOON = phrase("in the afternoon")
NEWS_EVENING = phrase("in the evening")
NEWS_NO = phrase("not at all")
NEWS_BY_TEXT = phrase("We write to you when there is news.")
NEWS_BY_CALL = phrase("We call you when there is news.")
NOT_A_NUMBER = phrase("I need a number here.")
NUMBER_RANGE = phrase("I need a number from {least} to {most}.")
NOT_A_DATE = phrase("I need a day, a month and a year.")
NOT_PAST = phrase("I need a day that has passed.")
NOT_FUTURE = phrase("I need a day that is still to come.")
NOT_A_PHONE = phrase("I need a telephone number with its area code.")
NOT_RUNG = phrase("We can not ring this number. Please give another one.")
NOT_WORDS = phrase("I need a few words here.")
ZERO_OR_PERSON = phrase("Is your answer 0, or do you want a person?")
ANSWER_ZERO = phrase("the answer 0")

# --- a recording
ASK_RECORD = phrase("saying it in a recording")
ASK_MESSAGE = phrase("leaving a message in your own voice")
CONSENT = phrase("We record your voice. Only the office listens to it. You can speak for one minute.")
MAY_WE_RECORD = phrase("May we record you now?")
SPEAK_NOW = phrase("Please speak after the tone.")
NOTHING_RECORDED = phrase("I did not hear anything.")
RECORDED = phrase("We have your recording. What shall we do with it?")
KEEP_IT = phrase("leaving it for the office")
LISTEN = phrase("listening to it")
RECORD_AGAIN = phrase("recording it again")
DELETE_IT = phrase("deleting it")
HERE_IT_IS = phrase("This is what you said.")
NOT_READY = phrase("It can not be played yet. Please try again in a moment.")
DELETED = phrase("We have deleted it.")
MESSAGE_LEFT = phrase("The office has your message. A person will call you.")
YOUR_RECORDING = phrase("a recording")

# --- texts
TEXT_TO = phrase("We send this as a text message to {number}. Is that right?")
TEXT_SENT = phrase("We have sent it.")
TEXT_NOT_ALLOWED = phrase("This number asked us for no texts. To allow them, text START to us.")
TEXT_HELD = phrase("We can not send texts to this number now.")
TOO_MANY_TEXTS = phrase("Too many texts came from this number. Please wait an hour, or call {number}.")

NO_TEXTS_THERE = phrase("This number can not get text messages.")

# --- at the end
THAT_WAS_ALL = phrase("that was all")
GOT_IT = phrase("Did you get what you needed?")
CALL_DONE = phrase("Thank you. You can hang up now.")
THREAD_DONE = phrase("Thank you. Write again at any time.")
SORRY = phrase("We are sorry. A person can help you.")
WHY_RATED = phrase("We ask this to make the line better.")

# --- something begun earlier
BEGUN = phrase("Something was begun from this phone.")
GO_ON = phrase("going on with it")

BEGUN_BY_YOU = phrase("Was it you who began it?")
NOT_ME = phrase("no, someone else")

# --- what a case says, and its secret number
CALL_FOR_MORE = phrase("To hear more about it, call {number}.")
HEAR_ALL = phrase("hearing all about it")
ABOUT_YOU = phrase("Is this your own request?")
I_HELP = phrase("no, I help someone")
GET_PIN = phrase("choosing a secret number to hear about it later")
NEW_PIN = phrase("Choose a secret number of 4 to 6 digits.")
PIN_AGAIN = phrase("The same number once more, please.")
WHICH_PIN = phrase("What is your secret number?")
HELPERS_PIN = phrase("What is your own secret number? If the office gave you a code, give the code.")
PIN_LENGTH = phrase("A secret number has 4 to 6 digits.")
PIN_REPEATS = phrase("The same digits again and again are easy to guess. Please take others.")
PIN_RUNS = phrase("Digits in a row are easy to guess. Please take others.")
PIN_YEAR = phrase("A year is easy to guess. Please take other digits.")
PIN_OF_PHONE = phrase("Digits of your telephone number are easy to guess. Please take others.")
PIN_OF_CASE = phrase("Digits of your reference are easy to guess. Please take others.")
PIN_DIFFERS = phrase("The two numbers are not the same.")
PIN_KEPT = phrase("Your secret number is kept. When we call you, we never ask for it.")
PIN_WRONG = phrase("This number does not fit.")
PIN_CLOSED = phrase("Too many wrong numbers came. For a day only a person can tell you about it.")
CASE_IS = phrase("It is about: {title}. It was sent on {day}.")
CASE_WAS = phrase("It was sent on {day}. We do not offer this any more.")
END_HELP = phrase("no longer letting others act for you")
HELP_ENDED = phrase("Nobody else can act for you now.")
STOP_HELPING = phrase("no longer helping this person")
HELPING_ENDED = phrase("You do not help this person any more.")

# --- how long the wait for a person may be


def wait(count: int) -> Phrase:
    """So many minutes, where that is what others waited."""
    return counted("You may wait about {count} minute.", "You may wait about {count} minutes.", count)


WAIT_HALF_HOUR = phrase("You may wait about half an hour.")
WAIT_LONGER = phrase("You may wait longer than half an hour.")
THEN_OFFICE = phrase("If nobody takes your call within a minute, we ring the office.")

# --- a person
PUTTING_THROUGH = phrase("I put you through to a person. Please stay on the line.")
NOBODY_FREE = phrase("Nobody can take your call right now.")
OFFICE_CLOSED = phrase("The office is closed now. It opens on {time}.")
CALL_BACK = phrase("We call you back on {number}.")
CALL_BACK_RIGHT = phrase("Is this number right?")
ASK_CALLBACK = phrase("Which number can we call you back on?")
CALL_BACK_NOTED = phrase("We have noted it. A person will call you.")
CALL_BACK_WHEN = phrase("When shall we call you?")
TODAY = phrase("today from {start} to {end}")
TOMORROW = phrase("tomorrow from {start} to {end}")
ON_DAY = phrase("{day}, from {start} to {end}")
NO_TIME_SUITS = phrase("none of these times")
CALL_BACK_AT = phrase("We call you on {number}: {when}.")
CALL_BACK_TRIES = phrase("If you can not answer then, we call again on another day.")
REMIND_YOU = phrase("Shall we send you a text message half an hour before?")
WILL_REMIND = phrase("We remind you half an hour before.")
TIME_TAKEN = phrase("That time has just been taken.")
NO_TIME_FREE = phrase("We can not promise you a time now.")
BACK_WITH_US = phrase("You are back on the service line.")
WAITING_TEXT = phrase("A person will answer you here. You can go on writing.")
WAITING_CLOSED = phrase("A person will answer you when the office opens, on {time}. You can go on writing.")
PASSED_ON = phrase("We have passed this on to a person. To go on without waiting, write START.")
CALL_US = phrase("You can also call {number}.")
NO_KEY_THREE_TIMES = phrase("I can not hear you.")
GOODBYE_CALL_BACK = phrase("We will call you back. Goodbye.")
GOODBYE_HOURS = phrase("Please call again. Goodbye.")

# --- by text, after a call that was promised
REMINDER = phrase("{town}: We call you {when}, as promised.")
CALLED_IN_VAIN = phrase("{town}: We called you as promised, but could not reach you. We call again {when}.")
CALLED_IN_VAIN_LAST = phrase("{town}: We called you as promised, but could not reach you. Please call us: {number}.")
NOT_CALLED = phrase("{town}: We have not called you as promised. We are sorry. You can call us: {number}.")

# --- news of a case, by text or by a call of ours: what is said of keys is for the phone
NEWS_TEXT = phrase("{town}: News about your request {reference}.")
NEWS_CALL = phrase("{town} is calling, with news about your request {reference}.")
NEWS_CHECK = phrase("Is it really us? Call the number you know, press 8, and give the code {code}.")
NEWS_PRESS = phrase("To hear it again, press 1. For anything else, press 0.")
THAT_WAS_US = phrase("Yes, that came from us.")

# --- danger
EMERGENCY = phrase("If someone is in danger, call {number} now.")
IN_DANGER = phrase("Is someone in danger right now?")
DANGER_PERSON = phrase("We have told a person.")

# --- help
NO_ANSWER_HEARD = phrase("I did not hear an answer.")
NOT_A_CHOICE = phrase("That is not one of the choices.")
NOT_UNDERSTOOD = phrase("I did not understand that.")
NOT_WRITTEN = phrase("I can only read what is written.")
TROUBLE = phrase("Something went wrong on our side.")
FAULT = phrase("Something went wrong on our side. We have kept what you told us.")
WRITE_AGAIN = phrase("Please write again in a few minutes.")
HELP_TEXT = phrase(
    "{town} services. Write 0 for a person, or call {number}. Write START for the menu, STOP for no more texts."
)
STOPPED = phrase("You will get no more texts from us. Write START to get them again.")
STARTED = phrase("You get texts from us again.")

# --- for the phone: a flood of calls
MANY_CALLS = phrase("Many calls are coming in. To go on, press 1.")

# --- for the phone: what is said around the choices
FOR_PRESS = phrase("For {label}, press {key}.")
AND_PRESS = phrase("{label}, {key}.")
FOR_PERSON = phrase("For a person, press 0.")
HAVE_NUMBER = phrase("If you have a number, press 8.")
HEAR_AGAIN = phrase("To hear it again, press 9.")
GO_BACK = phrase("To go back, press star.")
DIGITS_HELP = phrase("For a person, press 0 and the hash key. To go back, press star and the hash key.")
PRESS_HASH = phrase("Type it, then press the hash key.")
NOT_ALOUD = phrase("Please do not say it aloud. Type it on your telephone.")
TYPE_DATE = phrase("Type two digits for the month, two for the day, and four for the year.")
SAY_IT_NOW = phrase("Please say it now.")
KEY_ENDS_IT = phrase("When you are done, press any key.")
OR_SAY_IT = phrase("Or say what you need.")
GET_PEN = phrase("Please get a pen. I wait.")
FOR_TEXT = phrase("{key} {label}")
PERSON_TEXT = phrase("0 a person")
MORE_TEXT = phrase("Write MORE for the rest.")
