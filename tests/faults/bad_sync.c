/* Preloaded into a process: each fsync and fdatasync takes BAD_SYNC_MS, and every BAD_SYNC_EVERY-th
 * of them, after the first BAD_SYNC_WELL, is answered with EIO instead, and noted as a byte in the
 * file BAD_SYNC_NOTES. */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static long number(const char *name) {
    const char *text = getenv(name);
    return text ? atol(text) : 0;
}

static int fails(void) {
    static unsigned long calls;
    long every = number("BAD_SYNC_EVERY");
    unsigned long call = __sync_add_and_fetch(&calls, 1);
    usleep((useconds_t)(1000 * number("BAD_SYNC_MS")));
    if (call <= (unsigned long)number("BAD_SYNC_WELL")) return 0;
    if (every == 0 || call % (unsigned long)every != 0) return 0;
    const char *notes = getenv("BAD_SYNC_NOTES");
    int file = notes ? open(notes, O_WRONLY | O_CREAT | O_APPEND, 0600) : -1;
    if (file >= 0) {
        if (write(file, "x", 1) != 1) abort();
        close(file);
    }
    errno = EIO;
    return 1;
}

int fsync(int file) { return fails() ? -1 : (int)syscall(SYS_fsync, file); }

int fdatasync(int file) { return fails() ? -1 : (int)syscall(SYS_fdatasync, file); }
