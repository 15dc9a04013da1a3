#include "engine/base/error.h"
#include "engine/base/file.h"
#include "engine/formats/gif.h"
#include "engine/formats/npy.h"
#include "engine/gallery/recipe_png.h"
#include "engine/pixelart/scale.h"
#include "engine/pixelart/sheet_layout.h"
#include "engine/session/jobs/make_job.h"
#include "engine/session/jobs/one_step_job.h"
#include "engine/session/pixels.h"

namespace kiln {
namespace {

OneStepJob::Finish write_and_tell(JobId job, const std::string& path, Bytes bytes, Outbox& outbox) {
  return [&outbox, job, path, bytes = std::move(bytes)] {
    write_file(path, bytes);
    outbox.send(Exported{job, path});
  };
}

}  // namespace

std::shared_ptr<Job> make_job(ExportSheet command, const JobContext& context) {
  return std::make_shared<OneStepJob>([command = std::move(command), &outbox = context.outbox] {
    const Image sheet = pack_sheet(command.sprites, command.columns, command.padding, command.scale);
    const int columns = sheet_layout(static_cast<int>(command.sprites.size()), 1, 1, command.columns, 0, 1).columns;
    return write_and_tell(command.job, command.path, encode_png(sheet, {command.recipes, columns, command.padding, command.scale}),
                          outbox);
  });
}

std::shared_ptr<Job> make_job(ExportPng command, const JobContext& context) {
  return std::make_shared<OneStepJob>([command = std::move(command), &outbox = context.outbox] {
    return write_and_tell(command.job, command.path,
                          encode_png(upscaled(command.image, command.scale), {command.recipes, 1, 0, command.scale}), outbox);
  });
}

std::shared_ptr<Job> make_job(ExportGif command, const JobContext& context) {
  return std::make_shared<OneStepJob>([command = std::move(command), &outbox = context.outbox] {
    std::vector<Image> pictures;
    for (const auto& frame : command.frames)
      pictures.push_back(pack_sheet(sprites_of(frame), command.columns, command.padding, command.scale));
    std::vector<int> delays(pictures.size(), command.frame_ms);
    if (!delays.empty()) delays.back() = command.hold_ms;
    return write_and_tell(command.job, command.path, encode_gif(pictures, delays, true), outbox);
  });
}

std::shared_ptr<Job> make_job(ExportNpy command, const JobContext& context) {
  return std::make_shared<OneStepJob>([command = std::move(command), &outbox = context.outbox] {
    if (command.sprites.empty()) throw Failure(ErrorCode::kInvalidArgument, "there are no sprites to write", "make some first");
    const Image& first = command.sprites.front();
    NpyArray array{"u1", {static_cast<std::int64_t>(command.sprites.size()), first.height, first.width, 4}, {}};
    for (const auto& sprite : command.sprites) array.bytes.insert(array.bytes.end(), sprite.rgba.begin(), sprite.rgba.end());
    return write_and_tell(command.job, command.path, encode_npy(array), outbox);
  });
}

}  // namespace kiln
