#include "engine/data/sprite_source.h"

#include <algorithm>
#include <filesystem>

#include "engine/base/file.h"
#include "engine/formats/image_file.h"
#include "engine/formats/set_file.h"
#include "engine/formats/sheet.h"
#include "engine/pixelart/alpha.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kImagesAStep = 16;

// Images one by one, each a sprite or a sheet of sprites.
class ImageReader : public SpriteReader {
 public:
  ImageReader(ImageFolderListing listing, std::optional<CellGrid> grid, std::vector<std::string> flip_classes = {})
      : listing_(std::move(listing)), grid_(grid) {
    result_.flip_classes = std::move(flip_classes);
    for (const auto& refused : listing_.refused) result_.left_out.push_back({refused.file, refused.error});
    result_.passed_over = std::move(listing_.other_files);
  }

  bool step() override {
    const std::size_t until = std::min(next_ + (grid_ ? 1 : kImagesAStep), listing_.images.size());
    for (; next_ < until; ++next_) read(listing_.images[next_]);
    return next_ < listing_.images.size();
  }
  std::int64_t done() const override { return static_cast<std::int64_t>(next_); }
  std::int64_t total() const override { return static_cast<std::int64_t>(listing_.images.size()); }
  SpriteCollection take() override { return std::move(result_); }

 private:
  void read(const ImagePath& path) {
    try {
      const Image image = read_image(path.path);
      if (!grid_) {
        result_.sprites.push_back({path.file, path.class_name, with_hidden_colour_cleared(image)});
        return;
      }
      // Sheets that lie in no class folder are a class each.
      const std::string class_name = listing_.flat ? path.path.stem().string() : path.class_name;
      for (auto& cell : slice_sheet(image, *grid_)) {
        result_.sprites.push_back({path.file + "@" + cell.name, class_name, with_hidden_colour_cleared(cell.image)});
      }
    } catch (const Failure& failure) {
      result_.left_out.push_back({path.file, failure.error()});
    }
  }

  ImageFolderListing listing_;
  std::optional<CellGrid> grid_;
  std::size_t next_ = 0;
  SpriteCollection result_;
};

// One sheet with the JSON file that says where its sprites are.
class AsepriteReader : public SpriteReader {
 public:
  explicit AsepriteReader(fs::path path) : path_(std::move(path)) {}

  bool step() override {
    const std::string name = path_.filename().string(), json = read_text(path_);
    const std::string image_name = aseprite_image_name(json, name);
    if (image_name.empty()) {
      throw Failure(ErrorCode::kUnsupported, "“" + name + "” does not name its sheet",
                    "export it with Aseprite's JSON data, which names the image");
    }
    const Image sheet = read_image(path_.parent_path() / fs::path(image_name).filename());  // beside it, wherever it was exported
    for (auto& cell : slice_aseprite_sheet(sheet, json, name)) {
      result_.sprites.push_back(
          {cell.name, cell.class_name.empty() ? path_.stem().string() : cell.class_name, with_hidden_colour_cleared(cell.image)});
    }
    done_ = 1;
    return false;
  }
  std::int64_t done() const override { return done_; }
  std::int64_t total() const override { return 1; }
  SpriteCollection take() override { return std::move(result_); }

 private:
  fs::path path_;
  std::int64_t done_ = 0;
  SpriteCollection result_;
};

[[noreturn]] void does_not_fit(const std::string& what, const std::string& hint) {
  throw Failure(ErrorCode::kInvalidArgument, what, hint);
}

// Leaves those images that the source names, all of one class: the folder's, or for sheets each its own.
void keep_only(ImageFolderListing& listing, const SpriteSource& source) {
  std::error_code error;
  const std::string class_name = fs::canonical(source.path, error).filename().string();
  listing = {};
  listing.flat = true;
  for (const std::string& file : source.files) {
    if (!has_image_name(file))
      listing.other_files.push_back(file);
    else
      listing.images.push_back({fs::path(source.path) / file, file, class_name});
  }
  std::sort(listing.images.begin(), listing.images.end(), [](const auto& a, const auto& b) { return a.file < b.file; });
}

}  // namespace

std::unique_ptr<SpriteReader> open_sprite_source(const SpriteSource& source) {
  const fs::path path(source.path);
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) throw Failure(ErrorCode::kNotFound, "there is no “" + source.path + "”", "check the path");
  const bool array = !fs::is_directory(status) && path.extension() == ".npy";
  if (!array && (!source.labels.empty() || !source.class_names.empty())) {
    does_not_fit("labels belong to a .npy array, and “" + source.path + "” is none", "leave them out; folders name the classes");
  }
  if (array && source.grid) does_not_fit("a grid belongs to sheets, and “" + source.path + "” is an array", "leave the grid out");
  if (array) return open_sprite_array(source);
  if (fs::is_directory(status)) {
    ImageFolderListing listing = list_image_folder(path);
    if (!source.files.empty()) keep_only(listing, source);
    if (listing.images.empty() && listing.refused.empty()) {
      throw Failure(ErrorCode::kNotFound, "there are no images in “" + source.path + "”",
                    "put one folder per class into it with that class's images");
    }
    return std::make_unique<ImageReader>(std::move(listing), source.grid, read_set_file(path).flip_classes);
  }
  if (!source.files.empty())
    does_not_fit("files are named in “" + source.path + "”, which is no folder", "name the folder that they lie in");
  if (path.extension() == ".json") {
    if (source.grid) does_not_fit("the JSON file says where the sprites are", "leave the grid out, or name the image instead");
    return std::make_unique<AsepriteReader>(path);
  }
  if (!has_image_name(path)) {
    throw Failure(ErrorCode::kUnsupported, "“" + source.path + "” is no folder, image, Aseprite JSON or .npy array",
                  "choose one of these");
  }
  if (!source.grid)
    does_not_fit("“" + source.path + "” is one image", "give the size of its sprites, as 16x16, to cut it as a sheet");
  ImageFolderListing one;
  one.images.push_back({path, path.filename().string(), path.stem().string()});
  one.flat = true;
  return std::make_unique<ImageReader>(std::move(one), source.grid);
}

}  // namespace kiln
