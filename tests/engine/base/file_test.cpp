#include "engine/base/file.h"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <iterator>

#include "engine/base/error.h"
#include "engine/base/log.h"
#include "engine/base/paths.h"
#include "tests/support/temporary_folder.h"

using namespace kiln;
namespace fs = std::filesystem;

namespace {

template <class Action>
ErrorCode code_of(Action action) {
  try {
    action();
  } catch (const Failure& failure) {
    CHECK_FALSE(failure.error().message.empty());
    CHECK_FALSE(failure.error().hint.empty());
    return failure.error().code;
  }
  return ErrorCode::kInternal;
}

}  // namespace

TEST_CASE("what is written is read again, parent folders are made") {
  const test::TemporaryFolder scratch;
  const fs::path path = scratch / "a/b/c.bin";
  const Bytes bytes = {0, 1, 2, 255, '\n', 0};
  write_file(path, bytes);
  CHECK(read_file(path) == bytes);
  write_file(path, std::string_view("shorter"));
  CHECK(read_text(path) == "shorter");
  CHECK(std::distance(fs::directory_iterator(path.parent_path()), {}) == 1);
}

TEST_CASE("reading what is not there or not a file") {
  const test::TemporaryFolder scratch;
  CHECK(code_of([&] { read_file(scratch / "none"); }) == ErrorCode::kNotFound);
  CHECK(code_of([&] { read_file(scratch.path()); }) == ErrorCode::kUnreadable);
  CHECK(code_of([&] { read_file("/dev/zero"); }) == ErrorCode::kUnreadable);
  REQUIRE(::mkfifo((scratch / "pipe").c_str(), 0600) == 0);
  CHECK(code_of([&] { read_file(scratch / "pipe"); }) == ErrorCode::kUnreadable);
  write_file(scratch / "ten", std::string_view("0123456789"));
  CHECK(code_of([&] { read_file(scratch / "ten", 9); }) == ErrorCode::kUnsupported);
  CHECK(read_text(scratch / "ten", 10) == "0123456789");
}

TEST_CASE("a destination that cannot be written keeps what it held and leaves nothing beside it") {
  const test::TemporaryFolder scratch;
  CHECK(code_of([&] { write_file(scratch.path(), std::string_view("x")); }) == ErrorCode::kUnwritable);
  write_file(scratch / "file", std::string_view("x"));
  CHECK(code_of([&] { write_file(scratch / "file/inside", std::string_view("x")); }) == ErrorCode::kUnwritable);
  CHECK(code_of([&] { write_file("/proc/nothing/here", std::string_view("x")); }) == ErrorCode::kUnwritable);
  CHECK(code_of([&] { append_line(scratch.path(), "x"); }) == ErrorCode::kUnwritable);
  CHECK(scratch.names().size() == 1);
}

TEST_CASE("a write that fails half way leaves the old file whole") {
  const test::TemporaryFolder scratch;
  write_file(scratch / "model", std::string_view("the old content"));
  struct rlimit before {};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const struct rlimit small { 4096, before.rlim_max };
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
  const ErrorCode code = code_of([&] { write_file(scratch / "model", Bytes(100'000, 7)); });
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
  std::signal(SIGXFSZ, handler);
  CHECK(code == ErrorCode::kUnwritable);
  CHECK(read_text(scratch / "model") == "the old content");
  CHECK(scratch.names().size() == 1);
}

TEST_CASE("a full disk says so") {
  if (!fs::exists("/dev/full")) return;
  CHECK(code_of([] { write_file("/dev/full", std::string_view("x")); }) == ErrorCode::kDiskFull);
}

TEST_CASE("a link stays a link, permissions stay") {
  const test::TemporaryFolder scratch;
  write_file(scratch / "target", std::string_view("old"));
  fs::permissions(scratch / "target", fs::perms::owner_read | fs::perms::owner_write);
  fs::create_symlink("target", scratch / "link");
  write_file(scratch / "link", std::string_view("new"));
  CHECK(fs::is_symlink(scratch / "link"));
  CHECK(read_text(scratch / "target") == "new");
  CHECK((fs::status(scratch / "target").permissions() & fs::perms::all) == (fs::perms::owner_read | fs::perms::owner_write));
}

TEST_CASE("lines are added whole, also after one that was cut off") {
  const test::TemporaryFolder scratch;
  append_line(scratch / "run/metrics.jsonl", "one");
  append_line(scratch / "run/metrics.jsonl", "two");
  CHECK(read_text(scratch / "run/metrics.jsonl") == "one\ntwo\n");
  std::ofstream(scratch / "run/metrics.jsonl", std::ios::app) << "thr";
  append_line(scratch / "run/metrics.jsonl", "four");
  CHECK(read_text(scratch / "run/metrics.jsonl") == "one\ntwo\nthr\nfour\n");
}

TEST_CASE("folders come from the environment") {
  ::setenv("SPRITEKILN_HOME", "/somewhere/home", 1);
  CHECK(find_home_folder() == "/somewhere/home");
  ::unsetenv("SPRITEKILN_HOME");
  ::setenv("XDG_DATA_HOME", "/somewhere/data", 1);
  CHECK(find_home_folder() == "/somewhere/data/spritekiln");
  ::setenv("XDG_DATA_HOME", "", 1);
  ::setenv("HOME", "/home/artist", 1);
  CHECK(find_home_folder() == "/home/artist/.local/share/spritekiln");
  ::setenv("SPRITEKILN_SHARE", "/somewhere/share", 1);
  CHECK(find_share_folder() == "/somewhere/share");
  ::unsetenv("SPRITEKILN_SHARE");
  CHECK(fs::exists(find_share_folder() / "models"));
  CHECK(fs::exists(find_share_folder() / "resources" / "datasets"));
}

TEST_CASE("the folders are looked up once: the environment is not read while threads run") {
  const fs::path home = home_folder(), share = share_folder();
  ::setenv("SPRITEKILN_HOME", "/somewhere/else", 1);
  ::setenv("SPRITEKILN_SHARE", "/somewhere/else", 1);
  CHECK(home_folder() == home);
  CHECK(share_folder() == share);
  ::unsetenv("SPRITEKILN_HOME");
  ::unsetenv("SPRITEKILN_SHARE");
}

TEST_CASE("a path that begins with ~ is in the user's home") {
  ::setenv("HOME", "/home/artist", 1);
  CHECK(with_home("~") == "/home/artist");
  CHECK(with_home("~/a b") == "/home/artist/a b");
  CHECK(with_home("~other/a") == "~other/a");
  CHECK(with_home("/a/~") == "/a/~");
}

TEST_CASE("the log file is appended to, and one that cannot be opened does no harm") {
  const test::TemporaryFolder scratch;
  write_file(scratch / "log.txt", std::string_view("before\n"));
  open_log_file((scratch / "log.txt").string());
  open_log_file((scratch / "log.txt").string());
  log_debug("a detail");
  log_info("a fact {}");
  const std::string text = read_text(scratch / "log.txt");
  CHECK(text.starts_with("before\n"));
  CHECK(text.find("info: a fact {}\n") != std::string::npos);
  CHECK(text.find("a fact", text.find("a fact") + 1) == std::string::npos);
  CHECK(text.find("a detail") == std::string::npos);
  CHECK_NOTHROW(open_log_file("/proc/nothing/log.txt"));
}
