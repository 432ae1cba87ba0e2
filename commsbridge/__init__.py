"""commsbridge: good news from school to whānau, their replies, and one honest partnership log."""
