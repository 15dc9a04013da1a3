#include <filesystem>

#include "engine/api/export.h"
#include "engine/base/file.h"
#include "engine/formats/image_file.h"
#include "engine/formats/image_folder.h"
#include "engine/formats/sheet_json.h"
#include "engine/pixelart/scale.h"
#include "engine/session/jobs/make_job.h"
#include "engine/session/jobs/one_step_job.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;

constexpr int kLargestShown = 4096;

// The image of a source that no JSON describes: itself, or the first of its folder.
fs::path image_path(const SpriteSource& source) {
  fs::path path(source.path);
  if (!source.files.empty()) return path / source.files.front();
  std::error_code error;
  if (!fs::is_directory(path, error)) return path;
  const ImageFolderListing listing = list_image_folder(path);
  if (listing.images.empty())
    throw Failure(ErrorCode::kNotFound, "there are no images in “" + source.path + "”", "choose a folder with sheets in it");
  return listing.images.front().path;
}

// Of several sheets, the first.
SheetShown shown_sheet(const ShowSheet& command) {
  const SpriteSource& source = command.source;
  fs::path path(source.path);
  std::vector<SheetSprite> cells;
  Image image;
  if (lower_ending(source.path) == ".json") {
    std::vector<std::string> told_by_the_check;
    const std::string name = path.filename().string();
    const JsonSheet sheet = read_sheet_json(read_text(path, std::size_t{32} << 20), name, told_by_the_check).front();
    path = sheet_image(path, sheet, told_by_the_check);
    image = read_image(path);
    cells = cut_frames(image, sheet, name, told_by_the_check);
  } else {
    path = image_path(source);
    image = read_image(path);
    if (!source.grid) throw Failure(ErrorCode::kInvalidArgument, "the size of the sprites is not given", "give it, as 16×16");
    cells = slice_sheet(image, *source.grid);
  }
  SheetShown shown{command.job, path.filename().string(), image.width, image.height, {}, {}};
  for (const SheetSprite& cell : cells)
    shown.cells.push_back({cell.name, cell.rect.x, cell.rect.y, cell.rect.width, cell.rect.height});
  shown.sheet = reduced(image, kLargestShown);
  return shown;
}

}  // namespace

std::shared_ptr<Job> make_job(ShowSheet command, const JobContext& context) {
  return std::make_shared<OneStepJob>([command = std::move(command), &outbox = context.outbox] {
    return [&outbox, shown = shown_sheet(command)]() mutable { outbox.send(std::move(shown)); };
  });
}

}  // namespace kiln
