#include <algorithm>
#include <filesystem>

#include "engine/base/file.h"
#include "engine/formats/image_file.h"
#include "engine/formats/image_folder.h"
#include "engine/formats/sheet.h"
#include "engine/session/jobs/make_job.h"
#include "engine/session/jobs/one_step_job.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;

constexpr int kLargestShown = 4096;

// The sheet that a source names: itself, the first of its folder, or the one that its JSON names.
fs::path sheet_path(const SpriteSource& source, const std::string& json) {
  const fs::path path(source.path);
  std::vector<std::string> told_by_the_check;
  if (!json.empty()) return aseprite_sheet(path, json, told_by_the_check);
  if (!source.files.empty()) return path / source.files.front();
  std::error_code error;
  if (!fs::is_directory(path, error)) return path;
  const ImageFolderListing listing = list_image_folder(path);
  if (listing.images.empty())
    throw Failure(ErrorCode::kNotFound, "there are no images in “" + source.path + "”", "choose a folder with sheets in it");
  return listing.images.front().path;
}

// Every so many pixels of a row and column, so that no side is over kLargestShown.
Image reduced(const Image& image) {
  const int factor = (std::max(image.width, image.height) + kLargestShown - 1) / kLargestShown;
  if (factor <= 1) return image;
  Image small(image.width / factor, image.height / factor);
  for (int y = 0; y < small.height; ++y) {
    for (int x = 0; x < small.width; ++x) std::copy_n(image.pixel(x * factor, y * factor), 4, small.pixel(x, y));
  }
  return small;
}

SheetShown shown_sheet(const ShowSheet& command) {
  const SpriteSource& source = command.source;
  const std::string json = fs::path(source.path).extension() == ".json" ? read_text(source.path) : std::string();
  const fs::path path = sheet_path(source, json);
  const Image sheet = read_image(path);
  SheetShown shown{command.job, path.filename().string(), sheet.width, sheet.height, {}, {}};
  if (json.empty() && !source.grid)
    throw Failure(ErrorCode::kInvalidArgument, "the size of the sprites is not given", "give it, as 16×16");
  std::vector<std::string> told_by_the_check;
  const auto cells = json.empty() ? slice_sheet(sheet, *source.grid)
                                  : slice_aseprite_sheet(sheet, json, path.filename().string(), told_by_the_check);
  for (const SheetSprite& cell : cells)
    shown.cells.push_back({cell.name, cell.rect.x, cell.rect.y, cell.rect.width, cell.rect.height});
  shown.sheet = reduced(sheet);
  return shown;
}

}  // namespace

std::shared_ptr<Job> make_job(ShowSheet command, const JobContext& context) {
  return std::make_shared<OneStepJob>([command = std::move(command), &outbox = context.outbox] {
    return [&outbox, shown = shown_sheet(command)]() mutable { outbox.send(std::move(shown)); };
  });
}

}  // namespace kiln
