/* main.c: the command line. */
#include <stdio.h>
#include <string.h>

#include "command/command.h"
#include "lumbung/base/crypto.h"
#include "lumbung/rule.h"

static const char usage[] = "lumbung COMMAND ...\n"
                            "  serve    --db FILE [--listen 127.0.0.1:8080] [--static DIR] [--tls-cert F --tls-key F] [--behind-proxy CIDR]\n"
                            "  demo     --db FILE [--households N] [--seed S]\n"
                            "  user     add|disable|list --db FILE [NAME --role ROLE [--region CODE] [--password-stdin] [--totp-secret BASE32]]\n"
                            "  import   regions|households|registry --db FILE CSV|XLSX|FOLDER [--map MAP.json] [--dry-run] [--errors OUT.csv] [--sums OUT.csv]\n"
                            "  export   disbursements --db FILE [--from D --to D --program ID --region CODE] [--format csv|ndjson|xlsx] --out OUT\n"
                            "           registry --db FILE --out FOLDER\n"
                            "  verify   --db FILE [--checkpoint NOTE] | OUT [--manifest FILE] [--pubkey FILE]\n"
                            "  backup   --db FILE OUT | --keys OUT --db FILE [--from DIR] [--passphrase-stdin]\n"
                            "  restore  OUT --db FILE | --keys OUT --db FILE [--to DIR] [--passphrase-stdin]\n"
                            "  rule     eval --expr E [--bindings JSON] | test CASES.jsonl...\n"
                            "  form     check FORM.xlsx | csv FORM.xlsx SUBMISSION.xml... | import --db FILE FORM.xlsx | export --db FILE NAME OUT.xlsx [--language TAG]\n"
                            "Every command on a registry takes --keys DIR (without it: FILE.keys). Exit codes: 0 done, 1 failed, 2 usage or refused, 3 partly.\n";

/* The rule command counts its own name among its words. */
static int
run_rule(int argc, char **argv)
{
    return rule_command(argc + 1, argv - 1);
}

struct command {
    const char *name;
    int (*run)(int argc, char **argv); /* NULL: a console command */
    console_command console;
};

static const struct command commands[] = {
    {"serve", command_serve, NULL},   {"demo", command_demo, NULL},       {"user", NULL, command_user},
    {"import", NULL, command_import}, {"export", command_export, NULL},   {"verify", command_verify, NULL},
    {"backup", command_backup, NULL}, {"restore", command_restore, NULL}, {"rule", run_rule, NULL},
    {"form", command_form, NULL},
};

int
main(int argc, char **argv)
{
    crypto_start();
    if (argc >= 2)
        for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
            if (strcmp(argv[1], commands[i].name) == 0)
                return commands[i].run ? commands[i].run(argc - 2, argv + 2) : console_run(commands[i].name, commands[i].console, argc - 2, argv + 2);
    fputs(usage, argc >= 2 && strcmp(argv[1], "--help") == 0 ? stdout : stderr);
    return argc >= 2 && strcmp(argv[1], "--help") == 0 ? EXIT_DONE : EXIT_REFUSED;
}
