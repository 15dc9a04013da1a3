#include "engine/formats/packed_set.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>

#include "engine/base/error.h"
#include "engine/base/file.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;

constexpr int kVersion = 1;
constexpr std::size_t kLargestJson = std::size_t{32} << 20;
constexpr int kLargestSide = 1024;
constexpr std::size_t kAlwaysMapped = 0, kNeverMapped = std::numeric_limits<std::size_t>::max();

std::string array_name(const char* what, std::size_t shard) {
  char number[32];
  std::snprintf(number, sizeof number, "-%05zu.npy", shard);
  return what + std::string(number);
}

[[noreturn]] void corrupt(const fs::path& path, const std::string& problem) {
  throw Failure(ErrorCode::kCorrupt, "“" + path.string() + "” " + problem, "pack the set again with `spritekiln dataset pack`");
}

NpyView checked_array(const fs::path& path, const char* dtype, const std::vector<std::int64_t>& shape, std::size_t mapped_from) {
  NpyView view = view_npy(path, mapped_from);
  if (view.dtype != dtype || view.shape != shape) corrupt(path, "is not of the type and shape that the set's packed.json says");
  return view;
}

// Of one number for each of the shard's sprites.
template <class Number>
void write_numbers(const fs::path& path, const char* dtype, const std::vector<Number>& numbers) {
  Bytes bytes(numbers.size() * sizeof(Number));
  std::memcpy(bytes.data(), numbers.data(), bytes.size());
  write_file(path, encode_npy({dtype, {static_cast<std::int64_t>(numbers.size())}, std::move(bytes)}));
}

void check_free(const fs::path& out) {
  std::error_code error;
  if (!fs::exists(out, error) || (fs::is_directory(out, error) && fs::is_empty(out, error))) return;
  throw Failure(ErrorCode::kUnwritable, "“" + out.string() + "” is there already and not an empty folder", "choose a new folder");
}

}  // namespace

bool is_packed_set(const fs::path& folder) {
  std::error_code error;
  return fs::is_regular_file(folder / kPackedSetName, error);
}

PackedSet read_packed_set(const fs::path& folder) {
  const fs::path path = folder / kPackedSetName;
  PackedSet set;
  try {
    const auto document = nlohmann::json::parse(read_text(path, kLargestJson));
    if (document.at("version").get<int>() != kVersion) corrupt(path, "is of another version");
    set = {document.at("width").get<int>(), document.at("height").get<int>(),
           document.at("classes").get<std::vector<std::string>>(), document.at("flip_classes").get<std::vector<std::string>>(),
           document.at("shards").get<std::vector<std::int64_t>>()};
  } catch (const nlohmann::json::exception& problem) {
    throw Failure(ErrorCode::kCorrupt, "“" + path.string() + "” does not say what the packed set holds",
                  "pack the set again with `spritekiln dataset pack`", problem.what());
  }
  if (std::min(set.width, set.height) < 1 || std::max(set.width, set.height) > kLargestSide)
    corrupt(path, "tells of sprites of " + std::to_string(set.width) + "×" + std::to_string(set.height));
  return set;
}

PackedShard read_packed_shard(const fs::path& folder, const PackedSet& set, std::size_t shard) {
  const std::int64_t rows = set.shards.at(shard);
  PackedShard read;
  read.sprites_name = array_name("sprites", shard);
  read.sprites = checked_array(folder / read.sprites_name, "u1", {rows, set.height, set.width, 4}, kAlwaysMapped);
  const fs::path labels = folder / array_name("labels", shard), frames = folder / array_name("frames", shard),
                 held_out = folder / array_name("held-out", shard);
  read.labels = checked_array(labels, "i4", {rows}, kNeverMapped);
  for (const double label : to_doubles(read.labels.dtype, read.labels.bytes)) {
    if (label < 0 || label >= static_cast<double>(set.classes.size()))
      corrupt(labels, "holds the label " + std::to_string(static_cast<int>(label)) + ", which has no name");
  }
  std::error_code error;
  if (fs::exists(frames, error)) read.frames = checked_array(frames, "i2", {rows}, kNeverMapped);
  if (fs::exists(held_out, error)) read.held_out = checked_array(held_out, "u1", {rows}, kNeverMapped);
  return read;
}

PackedSetWriter::PackedSetWriter(const fs::path& out, int width, int height, std::size_t shard_bytes)
    : out_(fs::absolute(out).lexically_normal()) {
  if (!out_.has_filename()) out_ = out_.parent_path();  // "sprites/"
  check_free(out_);
  set_.width = width;
  set_.height = height;
  const auto row_bytes = static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4;
  rows_a_shard_ = static_cast<std::int64_t>(std::max(shard_bytes / row_bytes, std::size_t{1}));
  const fs::path temporary = out_.parent_path() / ("." + out_.filename().string() + ".new-" + std::to_string(::getpid()));
  std::error_code error;
  fs::remove_all(temporary, error);  // of a process that was killed and had this number
  fs::create_directories(temporary, error);
  if (error)
    throw Failure(ErrorCode::kUnwritable, "“" + out.string() + "” cannot be made: " + error.message(),
                  "choose another folder, or check its permissions");
  temporary_ = temporary;
}

PackedSetWriter::~PackedSetWriter() {
  std::error_code error;
  if (!temporary_.empty()) fs::remove_all(temporary_, error);
}

void PackedSetWriter::add(const Image& image, const std::string& class_name, int frame, bool held_out) {
  if (!sprites_) {
    sprites_ = std::make_unique<NpyWriter>(temporary_ / array_name("sprites", set_.shards.size()), "u1",
                                           std::vector<std::int64_t>{set_.height, set_.width, 4});
  }
  const auto [known, is_new] = numbers_.emplace(class_name, static_cast<int>(set_.classes.size()));
  if (is_new) set_.classes.push_back(class_name);
  sprites_->add(image.rgba);
  labels_.push_back(known->second);
  frames_.push_back(static_cast<std::int16_t>(frame));
  held_out_.push_back(held_out ? 1 : 0);
  if (sprites_->rows() == rows_a_shard_) finish_shard();
}

void PackedSetWriter::finish_shard() {
  const std::size_t shard = set_.shards.size();
  sprites_->finish();
  set_.shards.push_back(sprites_->rows());
  sprites_.reset();
  write_numbers(temporary_ / array_name("labels", shard), "i4", labels_);
  if (std::any_of(frames_.begin(), frames_.end(), [](int frame) { return frame >= 0; }))
    write_numbers(temporary_ / array_name("frames", shard), "i2", frames_);
  if (std::any_of(held_out_.begin(), held_out_.end(), [](int held_out) { return held_out != 0; }))
    write_numbers(temporary_ / array_name("held-out", shard), "u1", held_out_);
  labels_.clear();
  frames_.clear();
  held_out_.clear();
}

void PackedSetWriter::finish(const std::vector<std::string>& flip_classes) {
  if (sprites_) finish_shard();
  const nlohmann::json document{{"version", kVersion},     {"width", set_.width},          {"height", set_.height},
                                {"classes", set_.classes}, {"flip_classes", flip_classes}, {"shards", set_.shards}};
  write_file(temporary_ / kPackedSetName, document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
  check_free(out_);
  std::error_code error;
  fs::rename(temporary_, out_, error);
  if (error)
    throw Failure(ErrorCode::kUnwritable, "“" + out_.string() + "” cannot be made: " + error.message(),
                  "choose another folder, or check its permissions");
  temporary_.clear();
}

}  // namespace kiln
