#include "engine/formats/safetensors.h"

#include <doctest/doctest.h>

#include <cstring>
#include <nlohmann/json.hpp>

#include "support.h"

using namespace kiln;
using namespace kiln::test;

namespace {

Bytes file_of(const std::string& header, std::size_t data_size, std::uint64_t claimed = 0) {
  Bytes bytes;
  const std::uint64_t size = claimed ? claimed : header.size();
  for (std::size_t i = 0; i < 8; ++i) bytes.push_back(static_cast<std::uint8_t>(size >> (8 * i)));
  bytes.insert(bytes.end(), header.begin(), header.end());
  bytes.resize(bytes.size() + data_size, 1);
  return bytes;
}

Error refusal(const std::string& header, std::size_t data_size, std::uint64_t claimed = 0) {
  return error_of([&] { parse_safetensors(file_of(header, data_size, claimed), "m.safetensors"); });
}

bool refused(const std::string& header, std::size_t data_size, std::uint64_t claimed = 0) {
  return refusal(header, data_size, claimed).code == ErrorCode::kCorrupt;
}

}  // namespace

TEST_CASE("a file written by other code is read") {
  const Safetensors file = read_safetensors(golden("small.safetensors"));
  CHECK(file.metadata == std::map<std::string, std::string>{{"note", "größe"}, {"format", "pt"}});
  REQUIRE(file.tensors.size() == 4);
  const StoredTensor& weight = file.tensors.at("layer.weight");
  CHECK(weight.dtype == "F32");
  CHECK(weight.shape == std::vector<std::int64_t>{2, 3});
  float values[6];
  REQUIRE(file.bytes_of(weight).size() == sizeof values);
  std::memcpy(values, file.bytes_of(weight).data(), sizeof values);
  CHECK(values[0] == 0.5f);
  CHECK(values[5] == -3.25f);
  CHECK(file.tensors.at("scalar").shape.empty());
  CHECK(file.tensors.at("none").size == 0);
  CHECK(file.bytes_of(file.tensors.at("flags"))[1] == 1);
}

TEST_CASE("what is written is read again, the same each time, aligned") {
  const Bytes floats(24, 3), halves(6, 5), bytes(5, 7);
  const std::map<std::string, TensorView> tensors = {
      {"a", {"U8", {5}, bytes}}, {"b", {"F16", {3, 1}, halves}}, {"c", {"F32", {2, 3}, floats}}, {"d", {"F64", {0, 4}, {}}}};
  const Bytes encoded = encode_safetensors({{"json", R"({"x": "ü"})"}}, tensors);
  CHECK(encoded == encode_safetensors({{"json", R"({"x": "ü"})"}}, tensors));
  CHECK(encoded[0] % 8 == 0);
  const Safetensors file = parse_safetensors(encoded, "x");
  CHECK(file.metadata.at("json") == R"({"x": "ü"})");
  REQUIRE(file.tensors.size() == 4);
  for (const auto& [name, tensor] : tensors) {
    const StoredTensor& stored = file.tensors.at(name);
    CHECK(stored.dtype == tensor.dtype);
    CHECK(stored.shape == tensor.shape);
    CHECK(stored.offset % safetensors_item_size(stored.dtype) == 0);
    const auto content = file.bytes_of(stored);
    CHECK(std::equal(content.begin(), content.end(), tensor.bytes.begin(), tensor.bytes.end()));
  }
}

TEST_CASE("tensors that are not what they say cannot be written") {
  const Bytes bytes(8, 0);
  CHECK_THROWS_AS(encode_safetensors({}, {{"x", {"F32", {3}, bytes}}}), Failure);
  CHECK_THROWS_AS(encode_safetensors({}, {{"x", {"C64", {1}, bytes}}}), Failure);
  CHECK_THROWS_AS(encode_safetensors({}, {{"x", {"F32", {-2}, bytes}}}), Failure);
  CHECK_THROWS_AS(encode_safetensors({}, {{"__metadata__", {"F32", {2}, bytes}}}), Failure);
  CHECK_THROWS_AS(encode_safetensors({{"k", "\xff"}}, {}), Failure);
}

TEST_CASE("the smallest files") {
  CHECK(parse_safetensors(file_of("{}", 0), "x").tensors.empty());
  CHECK(parse_safetensors(file_of("{}   ", 0), "x").tensors.empty());
  CHECK(refused("", 0));
  CHECK(refused("[]", 0));
  CHECK(refused(" {}", 0));
  CHECK(refused("{}", 1));
  CHECK(error_of([] { parse_safetensors(Bytes{}, "x"); }).code == ErrorCode::kCorrupt);
  CHECK(error_of([] { parse_safetensors(Bytes(7, 0), "x"); }).code == ErrorCode::kCorrupt);
}

TEST_CASE("cut off anywhere") {
  const Bytes whole = read_file(golden("small.safetensors"));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    INFO(size);
    const Error error =
        error_of([&] { parse_safetensors(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)), "m"); });
    CHECK(error.code == ErrorCode::kCorrupt);
  }
}

TEST_CASE("headers that lie") {
  const std::string good = R"({"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";
  REQUIRE_FALSE(refused(good, 8));
  CHECK(refused(good, 9));
  CHECK(refused(good, 7));
  CHECK(refused(good, 8, std::uint64_t{1} << 63));
  CHECK(refused(good, 8, 0xffffffff));
  CHECK(refused(good, 8, 17 << 20));
  for (
      const char* bad : {
          R"({"x":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}})",                // backwards
          R"({"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8,8]}})",              // three offsets
          R"({"x":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}})",                // other size
          R"({"x":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}})",               // negative
          R"({"x":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}})",              // fraction
          R"({"x":{"dtype":"F32","shape":["2"],"data_offsets":[0,8]}})",              // text
          R"({"x":{"dtype":"F32","shape":[[2]],"data_offsets":[0,8]}})",              // nested
          R"({"x":{"dtype":"F32","shape":[{}],"data_offsets":[0,8]}})",               // object
          R"({"x":{"dtype":"F32","shape":2,"data_offsets":[0,8]}})",                  // no list
          R"({"x":{"dtype":"F32","shape":[2]}})",                                     // lacks a key
          R"({"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"more":1}})",       // unknown key
          R"({"x":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}})",  // key twice
          R"({"x":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"x":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}})",  // tensor
                                                                                                                           // twice
          R"({"x":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},"y":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}})",  // overlap
          R"({"x":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"y":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}})",  // gap
          R"({"x":{"dtype":"U8","shape":[9],"data_offsets":[0,9]}})",                                    // past the end
          R"({"x":{"dtype":"U8","shape":[4294967296,4294967296,0,8],"data_offsets":[0,8]}})",            // overflow
          R"({"x":{"dtype":"U8","shape":[9223372036854775808,2],"data_offsets":[0,8]}})",                // too large
          R"({"__metadata__":{"a":1},"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})",            // no text
          R"({"__metadata__":{"a":["b"]},"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})",        // list
          R"({"__metadata__":{"a":"b","a":"c"},"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})",  // twice
          R"({"__metadata__":{"a":{"b":"c"}},"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})",    // nested
          R"({"x":null})", R"({"x":[0,8]})",
          R"({"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]})",             // unclosed
          R"({"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} {})",         // more behind
          "{\"\xff\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",  // no UTF-8
      }) {
    INFO(bad);
    CHECK(refused(bad, 8));
  }
}

TEST_CASE("a type that is not read is told with its tensor, and metadata that is no text with its key") {
  const Error type = refusal(R"({"x":{"dtype":"F8_E8M0","shape":[8],"data_offsets":[0,8]}})", 8);
  CHECK(type.code == ErrorCode::kUnsupported);
  CHECK(type.message.find("“x”") != std::string::npos);
  CHECK(type.message.find("F8_E8M0") != std::string::npos);
  CHECK(refusal(R"({"__metadata__":{"epoch":1}})", 0).message.find("“epoch”") != std::string::npos);
}

TEST_CASE("tensors that overlap or leave a gap are named") {
  const Error overlap = refusal(
      R"({"low":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},"high":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}})", 8);
  CHECK(overlap.message.find("“low” and “high” overlap") != std::string::npos);
  const Error gap = refusal(
      R"({"low":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"high":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}})", 8);
  CHECK(gap.message.find("gap before the tensor “high”") != std::string::npos);
}

TEST_CASE("a header of many megabytes is read; one of more than 100 MB is refused with its size") {
  const std::string tensor = R"("x":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}})";
  for (const std::size_t size : {std::size_t{9'000'000}, std::size_t{99'999'000}}) {
    const Safetensors file =
        parse_safetensors(file_of(R"({"__metadata__":{"note":")" + std::string(size, 'n') + "\"}," + tensor, 2), "m");
    CHECK(file.metadata.at("note").size() == size);
    REQUIRE(file.tensors.contains("x"));
    CHECK((file.bytes_of(file.tensors.at("x")) == Bytes{1, 1}));
  }
  const Error error = refusal(std::string(100'000'008, ' '), 2);
  CHECK(error.code == ErrorCode::kUnsupported);
  CHECK(error.message.find("100000008 bytes") != std::string::npos);
}

TEST_CASE("headers made to cost memory are refused as they are read") {
  CHECK(refused("{\"x\":" + std::string(4'000'000, '['), 0));
  std::string numbers = R"({"x":{"dtype":"F32","shape":[1)";
  for (int i = 0; i < 1'000'000; ++i) numbers += ",1";
  CHECK(refusal(numbers + R"(],"data_offsets":[0,4]}})", 4).detail.find("longer list") != std::string::npos);
  std::string many = "{";
  for (int i = 0; i < 70'000; ++i)
    many.append("\"").append(std::to_string(i)) += R"(":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},)";
  many.back() = '}';
  CHECK(refusal(many, 0).detail.find("entries") != std::string::npos);
}
