// Sprites in NumPy arrays: (N, H, W, 3 or 4) of numbers, labels as whole numbers or rows of ones.

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <unordered_map>

#include "engine/api/export.h"
#include "engine/data/array_levels.h"
#include "engine/data/content_key.h"
#include "engine/data/pixel_store.h"
#include "engine/data/sprite_source.h"
#include "engine/formats/npz.h"
#include "engine/pixelart/alpha.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kRowsAStep = 256;
constexpr std::int64_t kLargestSide = 1024;
constexpr std::int64_t kMostRows = 100'000'000;

[[noreturn]] void unusable(const std::string& message, const std::string& hint) {
  throw Failure(ErrorCode::kUnsupported, message, hint);
}

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text;
  for (const auto side : shape) text += (text.empty() ? "(" : ", ") + std::to_string(side);
  return text.empty() ? "()" : text + ")";
}

// Arrays in archives are unpacked, others are read or, where they are large, mapped.
NpyView view_array(const fs::path& path) {
  if (lower_ending(path.string()) == ".npy") return view_npy(path);
  const auto array = std::make_shared<const NpyArray>(read_array(path));
  return {array->dtype, array->shape, array->bytes, array, array->trailing};
}

// The class of each row. Rows of ones may have several: those are named together.
class Labels {
 public:
  Labels(const SpriteSource& source, std::int64_t rows) : names_(source.class_names) {
    if (source.labels.empty()) {
      only_ = names_.empty() ? fs::path(source.path).stem().string() : names_.front();
      return;
    }
    array_ = read_array(source.labels);
    const std::string name = fs::path(source.labels).filename().string();
    const bool flat = array_.shape.size() == 1 || (array_.shape.size() == 2 && array_.shape[1] == 1);
    if (array_.shape.empty() || array_.shape.size() > 2 || array_.shape[0] != rows) {
      unusable("“" + name + "” has the shape " + shape_text(array_.shape) + ", and there are " + std::to_string(rows) + " sprites",
               "give one label, or one row of ones and zeros, for each sprite");
    }
    values_ = to_doubles(array_);
    classes_ = flat ? 0 : array_.shape[1];
    if (flat) check_whole_numbers(name);
    if (!flat && !names_.empty() && static_cast<std::int64_t>(names_.size()) < classes_) {
      unusable(
          "there are " + std::to_string(classes_) + " classes in “" + name + "” and " + std::to_string(names_.size()) + " names",
          "name them all, in the order of their numbers");
    }
  }

  std::string of(std::int64_t row) {
    if (!only_.empty()) return only_;
    if (classes_ == 0) return name_of(static_cast<std::int64_t>(values_[static_cast<std::size_t>(row)]));
    std::string together;
    int ones = 0;
    for (std::int64_t c = 0; c < classes_; ++c) {
      if (values_[static_cast<std::size_t>(row * classes_ + c)] <= 0.5) continue;
      if (ones++ > 0) together += '+';
      together += name_of(c);
    }
    several_ += ones > 1;
    return ones == 0 ? "unlabelled" : together;
  }
  std::int64_t several() const { return several_; }
  const NpyArray& array() const { return array_; }

 private:
  void check_whole_numbers(const std::string& name) const {
    for (const double value : values_) {
      if (value != std::floor(value) || value < 0 || value > 65535)
        unusable("“" + name + "” holds the label " + std::to_string(value), "labels are whole numbers from 0 on");
      if (!names_.empty() && value >= static_cast<double>(names_.size())) {
        unusable("“" + name + "” holds the label " + std::to_string(static_cast<int>(value)) + ", which has no name",
                 "name the classes 0, 1, … all in order");
      }
    }
  }
  std::string name_of(std::int64_t number) const {
    return names_.empty() ? "class " + std::to_string(number) : names_[static_cast<std::size_t>(number)];
  }

  std::vector<std::string> names_;
  std::string only_;
  NpyArray array_;
  std::vector<double> values_;
  std::int64_t classes_ = 0;  // of rows of ones; 0: one number each
  std::int64_t several_ = 0;
};

// Two passes over the rows: the range of the numbers, then the sprites. Equal sprites of one class are kept once until the end.
class ArrayReader : public SpriteReader {
 public:
  explicit ArrayReader(const SpriteSource& source)
      : source_(source), name_(fs::path(source.path).filename().string()), array_(view_array(source.path)) {
    const auto& shape = array_.shape;
    if (shape.size() != 4 || (shape[3] != 3 && shape[3] != 4) || shape[0] < 1 || shape[0] > kMostRows ||
        std::min(shape[1], shape[2]) < 1 || std::max(shape[1], shape[2]) > kLargestSide) {
      unusable("“" + name_ + "” has the shape " + shape_text(shape), "sprites are an array (number, height, width, 3 or 4)");
    }
    real_ = array_.dtype.front() == 'f';
    row_bytes_ = npy_item_size(array_.dtype) * static_cast<std::size_t>(shape[1] * shape[2] * shape[3]);
    labels_.emplace(source, shape[0]);
  }

  bool step() override {
    const std::int64_t until = std::min(next_ + kRowsAStep, rows());
    for (; next_ < until; ++next_) {
      if (converting_)
        convert(next_);
      else
        widen_range(next_);
    }
    if (next_ < rows()) return true;
    if (converting_) return false;
    if (colour_.empty()) unusable("no sprite in “" + name_ + "” is made of numbers", "make the array again");
    levels_ = array_levels(colour_, alpha_, real_, name_);
    converting_ = true;
    next_ = 0;
    return true;
  }
  std::int64_t done() const override { return next_ + (converting_ ? rows() : 0); }
  std::int64_t total() const override { return 2 * rows(); }

  SpriteCollection take() override {
    tell_levels();
    tell_trailing(array_.trailing, source_.path);
    tell_trailing(labels_->array().trailing, source_.labels);
    const auto distinct = distinct_.size();
    const auto readable = order_.size();
    // A set that mostly repeats itself is a set of its different sprites.
    const bool repeats = distinct > 0 && distinct * 2 <= readable;
    if (repeats) {
      const auto times = readable / distinct;
      result_.notes.push_back(std::to_string(readable) + " sprites are " + std::to_string(distinct) + " sprites " +
                              (readable % distinct == 0 ? "" : "about ") + std::to_string(times) +
                              " times over; each is used once");
      result_.sprites = std::move(distinct_);
    } else {
      for (std::size_t i = 0; i < readable; ++i) {
        DatasetSprite sprite = distinct_[order_[i].second];
        sprite.file = file_of(order_[i].first);
        result_.sprites.push_back(std::move(sprite));
      }
    }
    if (labels_->several() > 0)
      result_.notes.push_back(std::to_string(labels_->several()) +
                              " rows have several labels; their classes are named together, as “a+b”");
    return std::move(result_);
  }

 private:
  std::int64_t rows() const { return array_.shape[0]; }
  std::string file_of(std::int64_t row) const { return name_ + "[" + std::to_string(row) + "]"; }

  std::span<const std::uint8_t> bytes_of(std::int64_t row) const {
    return array_.bytes.subspan(row_bytes_ * static_cast<std::size_t>(row), row_bytes_);
  }
  std::vector<double> values_of(std::int64_t row) const { return to_doubles(array_.dtype, bytes_of(row)); }

  // The array's bytes are pixels as they are.
  bool is_plain() const {
    return array_.dtype == "u1" && array_.shape[3] == 4 && levels_.colour.scale == 1 && levels_.alpha.scale == 1;
  }

  static bool all_finite(const std::vector<double>& values) {
    return std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); });
  }

  bool is_alpha(std::size_t value) const { return array_.shape[3] == 4 && value % 4 == 3; }

  void widen_range(std::int64_t row) {
    const auto values = values_of(row);
    if (!all_finite(values)) return;
    for (std::size_t i = 0; i < values.size(); ++i) (is_alpha(i) ? alpha_ : colour_).add(values[i]);
  }

  void tell_trailing(std::size_t bytes, const std::string& path) {
    if (bytes == 0) return;
    result_.notes.push_back(std::to_string(bytes) + " bytes after the array in “" + fs::path(path).filename().string() +
                            "” are passed over");
  }

  void tell_levels() {
    if (!real_ && levels_.colour.scale == 1 && levels_.alpha.scale == 1) return;
    std::string note = "the numbers in “" + name_ + "” are taken as colours from " + levels_.colour.range;
    if (levels_.alpha.scale != levels_.colour.scale) note += std::string(" with alpha from ") + levels_.alpha.range;
    if (clamped_ > 0) note += "; " + std::to_string(clamped_) + " numbers beyond that are clamped to it";
    result_.notes.push_back(note);
  }

  void convert(std::int64_t row) {
    if (is_plain()) {
      Image image;
      image.width = static_cast<int>(array_.shape[2]);
      image.height = static_cast<int>(array_.shape[1]);
      image.rgba = PixelBytes(bytes_of(row), array_.owner);
      return take(row, with_hidden_colour_cleared(image));
    }
    const auto values = values_of(row);
    if (!all_finite(values)) {
      result_.left_out.push_back({file_of(row),
                                  {ErrorCode::kCorrupt,
                                   "“" + file_of(row) + "” holds values that are no numbers",
                                   "make the array again without it",
                                   {}}});
      return;
    }
    Image image(static_cast<int>(array_.shape[2]), static_cast<int>(array_.shape[1]));
    const auto channels = static_cast<std::size_t>(array_.shape[3]);
    for (std::size_t i = 0; i < values.size(); ++i) {
      const Levels& levels = is_alpha(i) ? levels_.alpha : levels_.colour;
      const double level = values[i] * levels.scale + levels.shift;
      clamped_ += level < 0 || level > 255;
      image.rgba[i / channels * 4 + i % channels] = static_cast<std::uint8_t>(std::lround(std::clamp(level, 0.0, 255.0)));
    }
    if (channels == 3) {
      for (std::size_t i = 3; i < image.rgba.size(); i += 4) image.rgba[i] = 255;
    }
    store_.keep(image = with_hidden_colour_cleared(image));
    take(row, std::move(image));
  }

  void take(std::int64_t row, Image image) {
    const std::string class_name = labels_->of(row);
    const auto [known, is_new] = numbers_.emplace(content_key(image, class_name), distinct_.size());
    if (is_new) distinct_.push_back({file_of(row), class_name, std::move(image)});
    order_.emplace_back(row, known->second);
  }

  SpriteSource source_;
  std::string name_;
  NpyView array_;
  bool real_ = false;
  std::size_t row_bytes_ = 0;
  std::optional<Labels> labels_;
  bool converting_ = false;
  std::int64_t next_ = 0;
  ValueRange colour_, alpha_;
  ArrayLevels levels_;
  std::int64_t clamped_ = 0;
  PixelStore store_;
  std::vector<DatasetSprite> distinct_;
  std::unordered_map<ContentKey, std::size_t> numbers_;      // by pixels and class
  std::vector<std::pair<std::int64_t, std::size_t>> order_;  // row, its place in distinct_
  SpriteCollection result_;
};

}  // namespace

std::unique_ptr<SpriteReader> open_sprite_array(const SpriteSource& source) { return std::make_unique<ArrayReader>(source); }

}  // namespace kiln
