#include "engine/base/error.h"
#include "engine/base/file.h"
#include "engine/formats/gif.h"
#include "engine/formats/image_file.h"
#include "engine/formats/npy.h"
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
    return [&outbox, job = command.job, path = command.path,
            sheet = pack_sheet(command.sprites, command.columns, command.padding, command.scale)] {
      write_png(path, sheet);
      outbox.send(Exported{job, path});
    };
  });
}

std::shared_ptr<Job> make_job(ExportPng command, const JobContext& context) {
  return std::make_shared<OneStepJob>([command = std::move(command), &outbox = context.outbox] {
    return [&outbox, job = command.job, path = command.path, image = upscaled(command.image, command.scale)] {
      write_png(path, image);
      outbox.send(Exported{job, path});
    };
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
