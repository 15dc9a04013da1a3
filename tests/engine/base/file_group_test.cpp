#include "engine/base/file_group.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"

using namespace kiln;
using test::error_of;
namespace fs = std::filesystem;

namespace {

Bytes bytes(std::string_view text) { return {text.begin(), text.end()}; }

std::size_t entries(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

}  // namespace

TEST_CASE("all files of a group are written, and replaced where that is wanted") {
  const test::TemporaryFolder folder;
  const fs::path a = folder.path() / "a", b = folder.path() / "deep/b";
  write_files({{a, bytes("1")}, {b, bytes("2")}}, false);
  CHECK(read_text(a) == "1");
  CHECK(read_text(b) == "2");
  write_files({{a, bytes("3")}, {b, bytes("4")}}, true);
  CHECK(read_text(a) == "3");
  CHECK(read_text(b) == "4");
  CHECK(entries(folder.path()) == 2);
  CHECK(entries(b.parent_path()) == 1);
}

TEST_CASE("a file that is there stops the whole group, and nothing is left of it") {
  const test::TemporaryFolder folder;
  const fs::path a = folder.path() / "a", b = folder.path() / "b";
  write_file(b, std::string_view("mine"));
  const Error error = error_of([&] { write_files({{a, bytes("1")}, {b, bytes("2")}}, false); });
  CHECK(error.code == ErrorCode::kUnwritable);
  CHECK(error.message.find("is there already") != std::string::npos);
  CHECK_FALSE(fs::exists(a));
  CHECK(read_text(b) == "mine");
  CHECK(entries(folder.path()) == 1);
}

TEST_CASE("what was there comes back when a later file cannot take its place") {
  const test::TemporaryFolder folder;
  const fs::path a = folder.path() / "a", c = folder.path() / "c";
  write_file(a, std::string_view("mine"));
  // Twice the same new file: the second finds the first one in its place.
  CHECK(error_of([&] { write_files({{a, bytes("1")}, {c, bytes("2")}, {c, bytes("3")}}, true); }).code == ErrorCode::kUnwritable);
  CHECK(read_text(a) == "mine");
  CHECK_FALSE(fs::exists(c));
  CHECK(entries(folder.path()) == 1);
  CHECK(error_of([&] { write_files({{a, bytes("1")}, {folder.path(), bytes("2")}}, true); }).code == ErrorCode::kUnwritable);
  CHECK(read_text(a) == "mine");
}
