#include "engine/formats/torch_file.h"

#include <doctest/doctest.h>

#include <cstring>

#include "support.h"

using namespace kiln;
using namespace kiln::test;

namespace {

const TorchTensor& tensor_in(const TorchFile& file, const char* name) {
  const TorchValue* state = file.root.find("state");
  REQUIRE(state);
  const TorchValue* value = state->find(name);
  REQUIRE(value);
  REQUIRE(value->tensor());
  return *value->tensor();
}

template <class T>
std::vector<T> values_of(const TorchFile& file, const char* name) {
  const Bytes bytes = contiguous_bytes(*file.source, tensor_in(file, name));
  std::vector<T> values(bytes.size() / sizeof(T));
  if (!bytes.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

template <class T>
T plain(const TorchFile& file, const char* key) {
  const TorchValue* value = file.root.find(key);
  REQUIRE(value);
  REQUIRE(std::holds_alternative<T>(value->content));
  return std::get<T>(value->content);
}

TorchFile read(const std::string& name) { return parse_torch_file(open_source(golden(name)), name); }

Error refusal(const std::string& name) {
  return error_of([&] { read(name); });
}

}  // namespace

TEST_CASE("tensors of a checkpoint, strides, offsets and shared storages included") {
  for (const std::string name : {"small.pth", "small_protocol4.pth", "mac.pth", "legacy.pth", "legacy_protocol4.pth"}) {
    CAPTURE(name);
    const TorchFile file = read(name);
    CHECK(file.root.find("state")->dict()->size() == 6);
    CHECK(file.root.find("state")->dict()->front().key == "weight");
    CHECK(tensor_in(file, "weight").dtype == "F32");
    CHECK(tensor_in(file, "weight").shape == std::vector<std::int64_t>{3, 2});
    CHECK(values_of<float>(file, "weight") == std::vector<float>{0, 3, 1, 4, 2, 5});  // stored transposed
    CHECK(values_of<float>(file, "param") == std::vector<float>{2, 3, 4, 5});
    CHECK(values_of<float>(file, "wide") == std::vector<float>{4, 5, 4, 5});  // expanded
    CHECK(tensor_in(file, "half").dtype == "F16");
    CHECK(values_of<std::uint16_t>(file, "half") == std::vector<std::uint16_t>{0x3800, 0xc000, 0x7bff});
    CHECK(tensor_in(file, "steps").shape.empty());
    CHECK(values_of<std::int64_t>(file, "steps") == std::vector<std::int64_t>{-7});
    CHECK(values_of<float>(file, "none").empty());
  }
}

TEST_CASE("what else a checkpoint holds") {
  const TorchFile file = read("small.pth");
  CHECK(plain<std::int64_t>(file, "epoch") == 12);
  CHECK(plain<std::int64_t>(file, "big") == -(std::int64_t{1} << 40));
  CHECK(plain<double>(file, "loss") == 0.125);
  CHECK(plain<std::string>(file, "name") == "größe");
  CHECK(plain<bool>(file, "ok"));
  CHECK(plain<std::string>(file, "5") == "five");
  plain<std::monostate>(file, "nothing");
  const TorchList list = plain<TorchList>(file, "list");
  REQUIRE(list.size() == 3);
  CHECK(std::get<std::int64_t>(std::get<TorchList>(list[1].content)[1].content) == 3);
  CHECK(plain<TorchList>(file, "shape").size() == 2);
  CHECK(file.root.find("absent") == nullptr);
}

TEST_CASE("what a pickle could do to a reader that runs it is refused by name") {
  for (const std::string name : {"call.pth", "call_protocol4.pth"}) {
    const Error error = refusal(name);
    CHECK(error.code == ErrorCode::kUnsupported);
    CHECK(error.message.find("posix.system") != std::string::npos);
    CHECK(error.message.find(name) != std::string::npos);
  }
  CHECK(refusal("deflated.pth").code == ErrorCode::kUnsupported);
  CHECK(refusal("deflated.pth").message.find("compressed") != std::string::npos);
}

TEST_CASE("an archive of torch.jit.save is called what it is") {
  const Error error = refusal("script.pt");
  CHECK(error.code == ErrorCode::kUnsupported);
  CHECK(error.message.find("“script.pt” is a TorchScript archive") != std::string::npos);
  CHECK(error.hint.find("torch.jit.load") != std::string::npos);
}

TEST_CASE("values that contain themselves, double themselves, or claim what is not there") {
  for (const std::string name :
       {"cyclic.pth", "doubling.pth", "missing.pth", "liar.pth", "outside.pth", "enormous.pth", "overflow.pth"}) {
    CAPTURE(name);
    CHECK(refusal(name).code == ErrorCode::kCorrupt);
  }
}

TEST_CASE("other files are told apart") {
  CHECK(error_of([] { parse_torch_file(Bytes{0x80, 0x02, 0x8a, 0x0a, 0x6c}, "old.pth"); }).code == ErrorCode::kCorrupt);
  CHECK(error_of([] { parse_torch_file(Bytes{}, "x"); }).code == ErrorCode::kCorrupt);
  CHECK(error_of([] { parse_torch_file(Bytes(1000, 'a'), "x"); }).code == ErrorCode::kCorrupt);
  CHECK(error_of([] { parse_torch_file(read_file(golden("rgba.png")), "x"); }).code == ErrorCode::kCorrupt);
}

TEST_CASE("cut off anywhere, and with any byte changed, it is read or refused, never more") {
  for (const std::string name : {"small.pth", "legacy.pth", "legacy_protocol4.pth"}) {
    CAPTURE(name);
    const Bytes whole = read_file(golden(name));
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
      REQUIRE_THROWS_AS(parse_torch_file(cut, "cut.pth"), Failure);
    }
    std::size_t refused = 0;
    for (std::size_t at = 0; at < whole.size(); ++at) {
      for (const int change : {0x01, 0x80, 0xff, 0x28}) {
        Bytes changed = whole;
        changed[at] = static_cast<std::uint8_t>(changed[at] ^ change);
        try {
          parse_torch_file(std::move(changed), "changed.pth");
        } catch (const Failure&) {
          ++refused;
        }
      }
    }
    CHECK(refused > whole.size() / 2);
  }
}

TEST_CASE("a tensor put together by hand is checked before it is copied") {
  const auto source = memory_source(Bytes(16, 1));
  const auto bytes_of = [&](const TorchTensor& tensor) { return contiguous_bytes(*source, tensor); };
  CHECK(bytes_of({"F32", {2, 2}, {2, 1}, 0, 0, 16}).size() == 16);
  CHECK_THROWS_AS(bytes_of({"F32", {2, 2}, {2, 1}, 1, 0, 16}), Failure);
  CHECK_THROWS_AS(bytes_of({"F32", {2}, {-1}, 1, 0, 16}), Failure);
  CHECK_THROWS_AS(bytes_of({"F32", {2, 2}, {2}, 0, 0, 16}), Failure);
  CHECK_THROWS_AS(bytes_of({"C64", {2}, {1}, 0, 0, 16}), Failure);
  CHECK_THROWS_AS(bytes_of({"F32", {4}, {1}, 0, 1, 16}), Failure);  // a storage that lies outside the file
}

TEST_CASE("elements far apart are found as well as near ones") {
  Bytes storage(100'000);
  for (std::size_t i = 0; i < storage.size(); ++i) storage[i] = static_cast<std::uint8_t>(i % 251);
  const auto source = memory_source(storage);
  for (const std::int64_t stride : {2, 40'000}) {
    const Bytes read = contiguous_bytes(*source, {"U8", {2, 2}, {stride, 3}, 5, 0, storage.size()});
    const auto at = [&](std::int64_t i) { return storage[static_cast<std::size_t>(i)]; };
    CHECK(read == Bytes{at(5), at(8), at(5 + stride), at(8 + stride)});
  }
}
