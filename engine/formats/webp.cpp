#include "engine/formats/webp.h"

#include <webp/decode.h>
#include <webp/demux.h>

#include <cstring>
#include <memory>
#include <utility>

#include "engine/formats/image_limits.h"

namespace kiln {

bool is_webp(std::span<const std::uint8_t> bytes) {
  return begins_with(bytes, "RIFF") && bytes.size() >= 12 && begins_with(bytes.subspan(8), "WEBP");
}

std::vector<AnimationFrame> decode_webp(std::span<const std::uint8_t> bytes, std::string_view name, std::size_t most) {
  WebPBitstreamFeatures features;
  if (WebPGetFeatures(bytes.data(), bytes.size(), &features) != VP8_STATUS_OK) refuse_damaged_image(name, "features");
  const auto width = static_cast<std::size_t>(features.width), height = static_cast<std::size_t>(features.height);
  check_image_size(name, width, height);
  if (!features.has_animation) {
    Image image(features.width, features.height);
    if (!WebPDecodeRGBAInto(bytes.data(), bytes.size(), image.rgba.data(), image.rgba.size(), features.width * 4))
      refuse_damaged_image(name, "pixels");
    std::vector<AnimationFrame> still;
    still.push_back({std::move(image), 0});
    return still;
  }
  check_animation_size(name, 1, width, height);  // the decoder keeps two more of that size

  const WebPData data{bytes.data(), bytes.size()};
  WebPAnimDecoderOptions options;
  if (!WebPAnimDecoderOptionsInit(&options)) refuse_damaged_image(name, "another version of libwebp");
  options.color_mode = MODE_RGBA;
  const std::unique_ptr<WebPAnimDecoder, decltype(&WebPAnimDecoderDelete)> decoder(WebPAnimDecoderNew(&data, &options),
                                                                                   &WebPAnimDecoderDelete);
  WebPAnimInfo info;
  if (!decoder || !WebPAnimDecoderGetInfo(decoder.get(), &info)) refuse_damaged_image(name, "container");
  if (most > 1) check_animation_size(name, info.frame_count, width, height);

  std::vector<AnimationFrame> frames;
  for (int before = 0; frames.size() < most && WebPAnimDecoderHasMoreFrames(decoder.get());) {
    std::uint8_t* rgba = nullptr;
    int until = 0;
    if (!WebPAnimDecoderGetNext(decoder.get(), &rgba, &until)) refuse_damaged_image(name, "pixels");
    frames.push_back({Image(features.width, features.height), until - before});
    std::memcpy(frames.back().image.rgba.data(), rgba, frames.back().image.rgba.size());
    before = until;
  }
  if (frames.empty()) refuse_damaged_image(name, "no image");
  return frames;
}

}  // namespace kiln
