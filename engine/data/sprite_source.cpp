#include "engine/data/sprite_source.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <span>

#include "engine/api/export.h"
#include "engine/base/file.h"
#include "engine/base/text.h"
#include "engine/data/animation_frames.h"
#include "engine/data/pixel_store.h"
#include "engine/formats/animation.h"
#include "engine/formats/ase/ase_file.h"
#include "engine/formats/file_kind.h"
#include "engine/formats/image_file.h"
#include "engine/formats/packed_set.h"
#include "engine/formats/set_file.h"
#include "engine/formats/sheet.h"
#include "engine/formats/sheet_json.h"
#include "engine/pixelart/alpha.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kImagesAStep = 16;
constexpr std::size_t kLargestJson = std::size_t{32} << 20;

struct SpriteTag {
  std::string name;
  std::optional<bool> animated;  // whether its sprites are an animation, where the file says so
};

// Numbers the frames of each run of sprites from `first` on that has one tag; `tags` has one for each of these sprites.
void number_tagged(std::vector<DatasetSprite>& sprites, std::size_t first, const std::vector<SpriteTag>& tags) {
  for (std::size_t begin = 0, end = 0; begin < tags.size(); begin = end) {
    while (end < tags.size() && tags[end].name == tags[begin].name) ++end;
    const auto run = std::span(sprites).subspan(first + begin, end - begin);
    if (!tags[begin].animated)
      number_frames(run);
    else if (*tags[begin].animated)
      number_animation(run);
  }
}

[[noreturn]] void does_not_fit(const std::string& what, const std::string& hint) {
  throw Failure(ErrorCode::kInvalidArgument, what, hint);
}

// Images one by one, each a sprite or a sheet of sprites.
class ImageReader : public SpriteReader {
 public:
  ImageReader(ImageFolderListing listing, std::optional<CellGrid> grid, SetFile set_file)
      : listing_(std::move(listing)), grid_(grid), frames_(std::move(set_file.frames)) {
    result_.flip_classes = std::move(set_file.flip_classes);
    for (const auto& refused : listing_.refused) result_.left_out.push_back({refused.file, refused.error});
    result_.passed_over = std::move(listing_.other_files);
    result_.notes = std::move(listing_.notes);
    result_.splits = std::move(listing_.splits);
    if (!result_.splits.empty())
      result_.notes.push_back("taken as parts of a set that was split, with their folders as its classes: " +
                              joined(result_.splits, ", "));
  }

  // One file: a sheet, an animation or one of Aseprite's. What is wrong with it is wrong with the source.
  ImageReader(const fs::path& file, std::optional<CellGrid> grid) : grid_(grid), alone_(true) {
    listing_.images.push_back({file, file.filename().string(), file.stem().string()});
    listing_.flat = true;
  }

  bool step() override {
    const std::size_t until = std::min(next_ + (grid_ ? 1 : kImagesAStep), listing_.images.size());
    for (; next_ < until; ++next_) {
      const std::size_t first = result_.sprites.size();
      read(listing_.images[next_]);
      for (auto& sprite : std::span(result_.sprites).subspan(first)) store_.keep(sprite.image);
    }
    return next_ < listing_.images.size();
  }
  std::int64_t done() const override { return static_cast<std::int64_t>(next_); }
  std::int64_t total() const override { return static_cast<std::int64_t>(listing_.images.size()); }
  SpriteCollection take() override { return std::move(result_); }

 private:
  void read(const ImagePath& path) {
    try {
      const Bytes bytes = read_file(path.path);
      if (is_ase(bytes) && !grid_) return add_aseprite(path, bytes);
      std::vector<std::string> notes;
      const auto frames = decode_animation(bytes, path.path.filename().string(), notes);
      add_notes(path, notes);
      if (alone_ && !grid_ && frames.size() == 1)
        does_not_fit("“" + path.path.string() + "” is one image",
                     "give the size of its sprites, as 16x16, to cut it as a sheet; a single sprite goes into a folder");
      // Sheets and animations that lie in no class folder are a class each.
      const bool own_class = listing_.flat && (grid_ || frames.size() > 1);
      const std::string class_name = own_class ? path.path.stem().string() : path.class_name;
      const std::size_t first = result_.sprites.size();
      for (std::size_t i = 0; i < frames.size(); ++i) {
        const std::string file = frames.size() > 1 ? path.file + "#" + std::to_string(i) : path.file;
        if (!grid_) result_.sprites.push_back({file, class_name, with_hidden_colour_cleared(frames[i].image)});
        for (auto& cell : grid_ ? slice_sheet(frames[i].image, *grid_) : std::vector<SheetSprite>()) {
          result_.sprites.push_back({file + "@" + cell.name, class_name, with_hidden_colour_cleared(cell.image)});
        }
      }
      if (!grid_) number_frames(std::span(result_.sprites).subspan(first));
      if (const auto known = frames_.find(path.file); known != frames_.end() && result_.sprites.size() == first + 1)
        result_.sprites.back().frame = known->second;
      if (grid_) tell_of_leftovers(path.file, frames.front().image);
    } catch (const Failure& failure) {
      if (alone_) throw;
      result_.left_out.push_back({path.file, failure.error()});
    }
  }

  void add_notes(const ImagePath& path, const std::vector<std::string>& notes) {
    for (const auto& note : notes) result_.notes.push_back(path.file + ": " + note);
  }

  // Each frame that is not empty: in no class folder, its tag is its class, or the file's name; in one, its tag is of the class
  // where there are several. A single picture with slices is a sheet, and they are its sprites.
  void add_aseprite(const ImagePath& path, const Bytes& bytes) {
    std::vector<std::string> notes;
    AseFile file = read_ase(bytes, path.path.filename().string(), notes);
    add_notes(path, notes);
    if (file.frames.size() > 1 && !file.slices.empty())
      result_.notes.push_back(path.file + ": it has several frames, so its slices are not cut: each frame is a sprite");
    const std::string own_class = path.path.stem().string();
    if (file.frames.size() == 1 && file.slices.size() > 1) {
      result_.notes.push_back(path.file + ": its " + std::to_string(file.slices.size()) + " slices are its sprites");
      for (const AseSlice& slice : file.slices) {
        if (slice.rect.width < 1 || slice.rect.height < 1) continue;
        result_.sprites.push_back({path.file + "@" + slice.name, listing_.flat ? own_class : path.class_name,
                                   with_hidden_colour_cleared(cut_out(file.frames.front().image, slice.rect))});
      }
      return;
    }
    const std::size_t first = result_.sprites.size();
    const bool told_apart = !listing_.flat && has_several_tags(path, file);
    std::vector<SpriteTag> tags;
    for (const AseSprite& frame : file.frames) {
      if (is_transparent(frame.image)) continue;
      const std::string& tag = frame.class_name;
      std::string class_name = listing_.flat ? own_class : path.class_name;
      if (!tag.empty() && listing_.flat) class_name = tag;
      if (!tag.empty() && told_apart) class_name += " " + tag;
      const std::string name = file.frames.size() > 1 ? path.file + "#" + frame.name : path.file;
      result_.sprites.push_back({name, std::move(class_name), with_hidden_colour_cleared(frame.image)});
      tags.push_back({tag, {}});
    }
    number_tagged(result_.sprites, first, tags);
  }

  // In a class folder; a note says that each is a class.
  bool has_several_tags(const ImagePath& path, const AseFile& file) {
    std::set<std::string> tags;
    for (const AseSprite& frame : file.frames) {
      if (!frame.class_name.empty() && !is_transparent(frame.image)) tags.insert(frame.class_name);
    }
    if (tags.size() < 2) return false;
    std::vector<std::string> classes;
    for (const std::string& tag : tags) classes.push_back("“" + path.class_name + " " + tag + "”");
    result_.notes.push_back(path.file + ": its " + std::to_string(tags.size()) +
                            " tags are different animations, and a class each: " + joined(classes, ", "));
    return true;
  }

  // What the grid leaves at the right and lower edge, if anything is drawn there.
  void tell_of_leftovers(const std::string& file, const Image& sheet) {
    const auto covered = [](int side, int offset, int cell, int spacing) {
      const int whole = (side - offset + spacing) / (cell + spacing);
      return std::min(side, offset + whole * (cell + spacing));
    };
    const int right = covered(sheet.width, grid_->offset_x, grid_->cell_width, grid_->spacing_x);
    const int bottom = covered(sheet.height, grid_->offset_y, grid_->cell_height, grid_->spacing_y);
    bool drawn = false;
    for (int y = 0; y < sheet.height && !drawn; ++y) {
      for (int x = y < bottom ? right : 0; x < sheet.width && !drawn; ++x) drawn = sheet.pixel(x, y)[3] > 0;
    }
    if (!drawn) return;
    std::vector<std::string> parts;
    if (right < sheet.width) parts.push_back(std::to_string(sheet.width - right) + " columns at the right");
    if (bottom < sheet.height) parts.push_back(std::to_string(sheet.height - bottom) + " rows at the bottom");
    result_.notes.push_back(file + " has pixels that are not cut, as no whole sprite of this grid fits: " + joined(parts, ", "));
  }

  ImageFolderListing listing_;
  std::optional<CellGrid> grid_;
  std::map<std::string, int> frames_;  // of files
  bool alone_ = false;
  std::size_t next_ = 0;
  PixelStore store_;
  SpriteCollection result_;
};

// Sheets with the JSON file that says where their sprites are.
class AsepriteReader : public SpriteReader {
 public:
  explicit AsepriteReader(fs::path path) : path_(std::move(path)) {}

  bool step() override {
    const std::string name = path_.filename().string(), json = read_text(path_, kLargestJson);
    for (const JsonSheet& sheet : read_sheet_json(json, name, result_.notes)) {
      const Image image = read_image(sheet_image(path_, sheet, result_.notes));
      const std::size_t first = result_.sprites.size();
      std::vector<SpriteTag> tags;
      for (const auto& cell : cut_frames(image, sheet, name, result_.notes)) {
        result_.sprites.push_back(
            {cell.name, cell.class_name.empty() ? path_.stem().string() : cell.class_name, with_hidden_colour_cleared(cell.image)});
        tags.push_back({cell.tag, cell.animated});
      }
      number_tagged(result_.sprites, first, tags);
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

[[noreturn]] void refuse_without_images(const std::string& path, const std::vector<std::string>& others) {
  const std::size_t shown = std::min<std::size_t>(others.size(), 3);
  const std::string names = joined({others.begin(), others.begin() + static_cast<std::ptrdiff_t>(shown)}, ", ");
  throw Failure(ErrorCode::kNotFound,
                "there are no images in “" + path + "”" + (others.empty() ? "" : ", only other files: " + names) +
                    (others.size() > shown ? " and " + std::to_string(others.size() - shown) + " more" : ""),
                "put one folder per class into it with that class's images, as PNG, WebP, GIF or Aseprite files");
}

// By what is in it, or by its name.
[[noreturn]] void refuse_other_file(const fs::path& path) {
  const std::string name = "“" + path.string() + "” is ";
  if (lower_ending(path.string()) == ".pxo") {
    throw Failure(ErrorCode::kUnsupported, name + "a project of Pixelorama, which is not read",
                  "export it as a PNG sheet, and give the size of its sprites");
  }
  if (const auto kind = kind_of_file(path)) throw Failure(ErrorCode::kUnsupported, name + kind->what, kind->hint);
  throw Failure(ErrorCode::kUnsupported, name + "no folder, image, Aseprite file or array of sprites",
                "choose a folder with a folder of images per class, a sheet, or a .npy or .npz array");
}

}  // namespace

std::unique_ptr<SpriteReader> open_sprite_source(const SpriteSource& source) {
  const fs::path path(source.path);
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) throw Failure(ErrorCode::kNotFound, "there is no “" + source.path + "”", "check the path");
  const std::string ending = lower_ending(source.path);
  const bool array = !fs::is_directory(status) && (ending == ".npy" || ending == ".npz");
  if (!array && (!source.labels.empty() || !source.class_names.empty())) {
    does_not_fit("labels belong to a .npy array, and “" + source.path + "” is none", "leave them out; folders name the classes");
  }
  if (array && source.grid) does_not_fit("a grid belongs to sheets, and “" + source.path + "” is an array", "leave the grid out");
  if (array) return open_sprite_array(source);
  if (fs::is_directory(status) && is_packed_set(path)) {
    if (source.grid || !source.files.empty())
      does_not_fit("“" + source.path + "” is a packed set, whose sprites are cut and chosen", "leave grid and files out");
    return open_packed_set(source.path);
  }
  if (fs::is_directory(status)) {
    ImageFolderListing listing = list_image_folder(path);
    if (!source.files.empty()) keep_only(listing, source);
    if (listing.images.empty() && listing.refused.empty()) refuse_without_images(source.path, listing.other_files);
    return std::make_unique<ImageReader>(std::move(listing), source.grid, read_set_file(path));
  }
  if (!source.files.empty())
    does_not_fit("files are named in “" + source.path + "”, which is no folder", "name the folder that they lie in");
  if (ending == ".json") {
    if (source.grid) does_not_fit("the JSON file says where the sprites are", "leave the grid out, or name the image instead");
    return std::make_unique<AsepriteReader>(path);
  }
  if (!has_image_name(path)) refuse_other_file(path);
  return std::make_unique<ImageReader>(path, source.grid);
}

}  // namespace kiln
