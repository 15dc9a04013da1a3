#include "engine/formats/npz.h"

#include <doctest/doctest.h>

#include "support.h"

using namespace kiln;
using namespace kiln::test;

TEST_CASE("the only array of an archive, stored and compressed") {
  for (const std::string name : {"one.npz", "one_compressed.npz"}) {
    CAPTURE(name);
    const NpyArray array = read_array(golden(name));
    CHECK(array.shape == std::vector<std::int64_t>{3, 100});
    CHECK(array.bytes == Bytes(300, 7));
  }
  CHECK(read_array(golden("f4.npy")).shape == std::vector<std::int64_t>{2, 3, 4});
}

TEST_CASE("several arrays are named, and none is taken") {
  const Error error = error_of([] { read_array(golden("two.npz")); });
  CHECK(error.code == ErrorCode::kUnsupported);
  CHECK(error.message.find("2 arrays") != std::string::npos);
  CHECK(error.hint.find("labels, sprites") != std::string::npos);
  CHECK(error_of([] { read_array(golden("small.pth")); }).message.find("no array") != std::string::npos);
}

TEST_CASE("what a Mac packs beside the array is no array") {
  const NpyArray array = read_array(golden("mac.npz")), plain = read_array(golden("f4.npy"));
  CHECK(array.shape == plain.shape);
  CHECK(array.bytes == plain.bytes);
}

TEST_CASE("a compression that is not read is named") {
  for (const auto& [file, method] : {std::pair<std::string, std::string>{"bzip2.npz", "bzip2"}, {"lzma.npz", "LZMA"}}) {
    CAPTURE(file);
    const Error error = error_of([&] { read_array(golden(file)); });
    CHECK(error.code == ErrorCode::kUnsupported);
    CHECK(error.message.find("“a.npy” compressed with " + method) != std::string::npos);
    CHECK(error.hint.find("numpy.savez") != std::string::npos);
  }
}

TEST_CASE("an archive that is cut off or changed is read or refused") {
  const Bytes whole = read_file(golden("one_compressed.npz"));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto source = memory_source({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)});
    REQUIRE_THROWS_AS(parse_npz(*source, "x.npz"), Failure);
  }
  for (std::size_t at = 0; at < whole.size(); ++at) {
    Bytes changed = whole;
    changed[at] ^= 0xff;
    try {
      parse_npz(*memory_source(changed), "x.npz");
    } catch (const Failure&) {
    }
  }
}

TEST_CASE("an archive of one array comes back") {
  const NpyArray array{"u1", {2, 3}, {1, 2, 3, 4, 5, 6}};
  const auto source = memory_source(encode_npz(array, "sprites"));
  const NpyArray read = parse_npz(*source, "x");
  CHECK(read.shape == array.shape);
  CHECK(read.bytes == array.bytes);
  CHECK(encode_npz(array, "sprites") == encode_npz(array, "sprites"));
}
