#include "engine/formats/archive.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <map>

#include "engine/base/error.h"
#include "tests/support/temporary_folder.h"

using namespace kiln;

namespace {

namespace fs = std::filesystem;

// A folder with a tar archive in it, made by the machine's own tar.
class Packed {
 public:
  explicit Packed(const std::string& ending, const std::string& option) {
    write_file(folder_ / "set/a.txt", std::string_view("first"));
    write_file(folder_ / "set/deep/b.txt", std::string_view("second, longer"));
    write_file(folder_ / "set/empty.txt", std::string_view(""));
    path = folder_ / ("set." + ending);
    made = std::system(("tar -C '" + folder_.path().string() + "' " + option + " -cf '" + path.string() + "' set").c_str()) == 0;
  }

  fs::path path;
  bool made = false;

 private:
  test::TemporaryFolder folder_;
};

std::map<std::string, std::string> contents(const fs::path& path) {
  std::map<std::string, std::string> files;
  ArchiveReader reader(path);
  while (const auto name = reader.next()) {
    const Bytes bytes = reader.read();
    if (!name->ends_with("/")) files[*name] = std::string(bytes.begin(), bytes.end());
  }
  return files;
}

}  // namespace

TEST_CASE("the files of a tar archive come with their names and bytes, packed or not") {
  for (const auto& [ending, option] : {std::pair("tar", ""), std::pair("tar.gz", "-z")}) {
    const Packed packed(ending, option);
    REQUIRE(packed.made);
    CHECK(contents(packed.path) ==
          std::map<std::string, std::string>{{"set/a.txt", "first"}, {"set/deep/b.txt", "second, longer"}, {"set/empty.txt", ""}});
  }
}

TEST_CASE("an archive that is missing, cut off or none is refused; so is a file larger than is wanted") {
  CHECK_THROWS_AS(ArchiveReader("/nowhere/set.tar"), Failure);
  const Packed packed("tar.gz", "-z");
  REQUIRE(packed.made);
  const Bytes whole = read_file(packed.path);
  write_file(packed.path, std::span(whole).first(whole.size() / 2));
  CHECK_THROWS_AS(contents(packed.path), Failure);
  write_file(packed.path, std::string_view("these are only words, and no archive at all"));
  CHECK_THROWS_AS(contents(packed.path), Failure);

  const Packed other("tar", "");
  ArchiveReader reader(other.path);
  while (const auto name = reader.next()) {
    if (*name == "set/deep/b.txt") CHECK_THROWS_AS(reader.read(5), Failure);
  }
}
