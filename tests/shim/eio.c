/* Lets writes to regular files fail with EIO while a trigger file exists. Preloaded into a program
 * under test; the trigger's content is how many writes and syncs still succeed.
 * Not here: reads, and programs that call the kernel without the C library. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_long seen;

static int fails(int fd)
{
    const char *trigger = getenv("STRONGROOM_TEST_EIO");
    struct stat about;
    FILE *file;
    long allowed = 0;
    int kept = errno;

    if (trigger == NULL || (file = fopen(trigger, "re")) == NULL) {
        atomic_store(&seen, 0);
        errno = kept;
        return 0;
    }
    if (fscanf(file, "%ld", &allowed) != 1)
        allowed = 0;
    fclose(file);
    errno = kept;
    if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode))
        return 0;
    return atomic_fetch_add(&seen, 1) >= allowed;
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define FAIL_OR(fd, call) (fails(fd) ? (errno = EIO, -1) : (call))

ssize_t write(int fd, const void *bytes, size_t length)
{
    return FAIL_OR(fd, NEXT(write)(fd, bytes, length));
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at)
{
    return FAIL_OR(fd, NEXT(pwrite)(fd, bytes, length, at));
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at)
{
    return FAIL_OR(fd, NEXT(pwrite64)(fd, bytes, length, at));
}

ssize_t writev(int fd, const struct iovec *parts, int count)
{
    return FAIL_OR(fd, NEXT(writev)(fd, parts, count));
}

int fsync(int fd)
{
    return FAIL_OR(fd, NEXT(fsync)(fd));
}

int fdatasync(int fd)
{
    return FAIL_OR(fd, NEXT(fdatasync)(fd));
}
