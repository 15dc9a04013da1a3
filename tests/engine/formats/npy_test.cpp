#include "engine/formats/npy.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "support.h"

using namespace kiln;
using namespace kiln::test;

namespace {

Bytes with_header(const std::string& header, std::size_t content) {
  std::string text("\x93NUMPY\x01\0", 8);
  text += static_cast<char>(header.size() & 255);
  text += static_cast<char>(header.size() >> 8);
  text += header + std::string(content, '\x01');
  return {text.begin(), text.end()};
}

ErrorCode code_for(const std::string& header, std::size_t content) {
  return error_of([&] { parse_npy(with_header(header, content), "x.npy"); }).code;
}

}  // namespace

TEST_CASE("other files under an array's name are called what they are") {
  const auto said = [](std::string_view text) {
    return error_of([&] { parse_npy(Bytes(text.begin(), text.end()), "x.npy"); }).message;
  };
  CHECK(said("version https://git-lfs.github.com/spec/v1\noid sha256:0\n").find("Git LFS") != std::string::npos);
  CHECK(said("<!DOCTYPE html><html></html>").find("a web page") != std::string::npos);
  CHECK(said("no array at all").find("not a NumPy array") != std::string::npos);
}

TEST_CASE("arrays that NumPy wrote") {
  std::vector<double> counted(24);
  std::iota(counted.begin(), counted.end(), 0.0);
  const NpyArray floats = read_npy(golden("f4.npy"));
  CHECK(floats.dtype == "f4");
  CHECK(floats.shape == std::vector<std::int64_t>{2, 3, 4});
  CHECK(to_doubles(floats)[5] == -0.5);
  CHECK(to_doubles(read_npy(golden("fortran.npy"))) == counted);
  CHECK(to_doubles(read_npy(golden("big_endian.npy"))) == counted);
  const auto halves = to_doubles(read_npy(golden("f2.npy")));
  CHECK(halves == std::vector<double>{0, 1, -2.5, 65504, std::ldexp(1.0, -24), std::numeric_limits<double>::infinity()});
  CHECK(to_doubles(read_npy(golden("bool.npy"))) == std::vector<double>{1, 0});
  const NpyArray long_integers = read_npy(golden("python2.npy"));  // shape (2L, 3L)
  CHECK(long_integers.shape == std::vector<std::int64_t>{2, 3});
  CHECK(to_doubles(long_integers) == std::vector<double>{0, 1, 2, 3, 4, 5});
  CHECK(to_doubles(read_npy(golden("version3.npy"))) == std::vector<double>{1, 2, 255});
  const NpyArray scalar = read_npy(golden("scalar.npy"));
  CHECK(scalar.shape.empty());
  CHECK(to_doubles(scalar) == std::vector<double>{7});
}

TEST_CASE("what is written is read again, and is what NumPy writes") {
  for (const std::string name : {"f4.npy", "scalar.npy", "bool.npy", "f2.npy"}) {
    const Bytes bytes = read_file(golden(name));
    CHECK(encode_npy(parse_npy(bytes, name)).size() % 64 == parse_npy(bytes, name).bytes.size() % 64);
    const NpyArray again = parse_npy(encode_npy(parse_npy(bytes, name)), name);
    CHECK(again.shape == parse_npy(bytes, name).shape);
    CHECK(again.bytes == parse_npy(bytes, name).bytes);
  }
  CHECK(encode_npy(read_npy(golden("f4.npy"))).size() == read_file(golden("f4.npy")).size());
  CHECK_THROWS_AS(encode_npy({"f4", {3}, Bytes(8)}), Failure);
  CHECK_THROWS_AS(encode_npy({"c8", {1}, Bytes(8)}), Failure);
}

TEST_CASE("arrays of other things than numbers are refused by what they hold") {
  CHECK(error_of([] { read_npy(golden("objects.npy")); }).code == ErrorCode::kUnsupported);
  CHECK(error_of([] { read_npy(golden("structure.npy")); }).code == ErrorCode::kUnsupported);
  CHECK(error_of([] { read_npy(golden("text.npy")); }).message.find("U2") != std::string::npos);
}

TEST_CASE("cut off anywhere") {
  const Bytes whole = read_file(golden("fortran.npy"));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    REQUIRE_THROWS_AS(parse_npy(std::span(whole).first(size), "cut.npy"), Failure);
  }
}

TEST_CASE("bytes after the array are counted, and keys of Python 2 are texts") {
  const NpyArray array = parse_npy(with_header("{u'descr': u'<f4', u'fortran_order': False, u'shape': (2L,), }\n", 11), "x");
  CHECK(array.size() == 2);
  CHECK(array.trailing == 3);
  CHECK(read_npy(golden("f4.npy")).trailing == 0);
}

TEST_CASE("headers that lie") {
  const std::string good = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }\n";
  CHECK_NOTHROW(parse_npy(with_header(good, 8), "x"));
  CHECK(code_for(good, 7) == ErrorCode::kCorrupt);
  for (const std::string bad :
       {"{'descr': '<f4', 'fortran_order': False, 'shape': (1099511627776, 1099511627776, 0), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }", "{'descr': '<f4', 'fortran_order': False}",
        "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,)}",
        "{'descr': '<f4', 'fortran_order': 0, 'shape': (2,)}", "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)} x",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'more': 1}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2", "", "{", "{'descr': '<f4",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}"}) {
    CAPTURE(bad);
    CHECK(code_for(bad, 8) == ErrorCode::kCorrupt);
  }
}
