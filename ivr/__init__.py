"""Two channels: the telephone and SMS, through Twilio."""
