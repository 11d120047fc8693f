/* limits.h: every bound of the product in one file. */
#ifndef LUMBUNG_BASE_LIMITS_H
#define LUMBUNG_BASE_LIMITS_H

#define LIMIT_JSON_DEPTH 16
#define LIMIT_JSON_VALUES 200000          /* values in one document */
#define LIMIT_BODY_BYTES (64 * 1024)      /* JSON body, unless the route says otherwise */
#define LIMIT_BODY_IMPORT_BYTES (64 * 1024 * 1024)
#define LIMIT_ATTACHMENT_BYTES (2 * 1024 * 1024)
#define LIMIT_HEADER_BYTES (8 * 1024)
#define LIMIT_QUERY_PARAMETERS 32
#define LIMIT_CONNECTIONS 4096
#define LIMIT_CONNECTIONS_PER_ADDRESS 1024
#define LIMIT_HEADER_SECONDS 10
#define LIMIT_BODY_SECONDS 30
#define LIMIT_IDLE_SECONDS 60
#define LIMIT_LIST_DEFAULT 50
#define LIMIT_LIST_MAX 200
#define LIMIT_LANE_QUEUE 4096
#define LIMIT_LANE_BATCH 256
#define LIMIT_POOL_QUEUE 1024
#define LIMIT_POOL_THREADS 3
#define LIMIT_MEMBERS 40
#define LIMIT_FAMILIES 10
#define LIMIT_TEXT 2000
#define LIMIT_NAME 200
#define LIMIT_RULE_BYTES 8192
#define LIMIT_RULE_DEPTH 64
#define LIMIT_RULE_STEPS 1000000
#define LIMIT_WORKBOOK_BYTES (32 * 1024 * 1024) /* of all parts once unpacked */
#define LIMIT_WORKBOOK_SHEETS 50
#define LIMIT_XML_DEPTH 24
#define LIMIT_XML_ELEMENTS 500000
#define LIMIT_FAULTS 100
#define LIMIT_OWN_CORRECTION_HOURS 72     /* whoever registered a household corrects it alone */
#define LIMIT_OBJECTION_HOURS 72          /* within which a person decides it */
#define LIMIT_UNMERGE_DAYS 30
#define LIMIT_CHANGE_BULK 100             /* change requests decided in one call */
#define LIMIT_ACCESS_LINES 65536          /* of the access log that wait to be written */
#define LIMIT_ACCESS_SUBJECTS 500000      /* persons and households in them */

#endif
