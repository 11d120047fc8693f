/* log.h: one JSON line an event on stderr. Never personal data, SQL text or file contents. Thread-safe. */
#ifndef LUMBUNG_BASE_LOG_H
#define LUMBUNG_BASE_LOG_H

enum log_level { LOG_LEVEL_INFO, LOG_LEVEL_WARN, LOG_LEVEL_ERROR };

/* Up to two named values; NULL ends. Values are escaped. */
void log_event(enum log_level level, const char *event, const char *name, const char *value, const char *second_name, const char *second_value);

#endif
