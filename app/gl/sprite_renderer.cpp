#include "app/gl/sprite_renderer.h"

#include <glad/gl.h>

#include <array>
#include <cstddef>

#include "embedded_shaders.h"

namespace kiln {
namespace {

constexpr float kDarkChecks[2][3] = {{0.204f, 0.212f, 0.227f}, {0.259f, 0.267f, 0.286f}};
constexpr float kHorizon = 0.75f;  // of a sprite's height
constexpr float kLightChecks[2][3] = {{0.627f, 0.635f, 0.651f}, {0.694f, 0.702f, 0.718f}};

void scissor(PixelRect rect, int framebuffer_height) {
  glEnable(GL_SCISSOR_TEST);
  glScissor(rect.x, framebuffer_height - rect.y - rect.height, rect.width, rect.height);
}

}  // namespace

SpriteRenderer::SpriteRenderer() : shader_(kSpriteVert, kSpriteFrag) {
  glGenVertexArrays(1, &vertex_array_);
  glGenBuffers(1, &buffer_);
  glBindVertexArray(vertex_array_);
  glBindBuffer(GL_ARRAY_BUFFER, buffer_);
  const auto stride = static_cast<int>(sizeof(SpriteQuad));
  glEnableVertexAttribArray(0);
  glVertexAttribPointer(0, 4, GL_FLOAT, GL_FALSE, stride, nullptr);
  glVertexAttribDivisor(0, 1);
  glEnableVertexAttribArray(1);
  // OpenGL takes the offset in the buffer as a pointer.
  const auto layer = reinterpret_cast<const void*>(offsetof(SpriteQuad, layer));  // NOLINT(performance-no-int-to-ptr)
  glVertexAttribPointer(1, 1, GL_FLOAT, GL_FALSE, stride, layer);
  glVertexAttribDivisor(1, 1);
  glBindVertexArray(0);
  const std::array<std::uint8_t, 4> transparent{};
  empty_.upload(1, 1, 1, transparent);
}

SpriteRenderer::~SpriteRenderer() {
  glDeleteBuffers(1, &buffer_);
  glDeleteVertexArrays(1, &vertex_array_);
}

void SpriteRenderer::draw(const TextureArray& texture, std::span<const SpriteQuad> quads, const SpriteLook& look, PixelRect clip,
                          int framebuffer_width, int framebuffer_height) {
  if (quads.empty() || clip.width <= 0 || clip.height <= 0) return;
  const TextureArray& shown = texture.id() ? texture : empty_;
  glBindVertexArray(vertex_array_);
  glBindBuffer(GL_ARRAY_BUFFER, buffer_);
  glBufferData(GL_ARRAY_BUFFER, static_cast<GLsizeiptr>(quads.size_bytes()), quads.data(), GL_STREAM_DRAW);
  glActiveTexture(GL_TEXTURE0);
  glBindTexture(GL_TEXTURE_2D_ARRAY, shown.id());
  shader_.use();
  glUniform2f(shader_.uniform("framebuffer"), static_cast<float>(framebuffer_width), static_cast<float>(framebuffer_height));
  glUniform1i(shader_.uniform("sprites"), 0);
  glUniform2f(shader_.uniform("sprite_size"), look.width, look.height);
  glUniform1i(shader_.uniform("check_shift"), look.check_shift);
  const auto& checks = look.light ? kLightChecks : kDarkChecks;
  glUniform3fv(shader_.uniform("check_dark"), 1, look.backdrop ? look.backdrop->data() : checks[0]);
  glUniform3fv(shader_.uniform("check_light"), 1, look.backdrop ? look.backdrop->data() : checks[1]);
  glUniform1i(shader_.uniform("scene_ground"), look.scene ? static_cast<int>(look.height * kHorizon) : 0);
  if (look.scene) glUniform3fv(shader_.uniform("scene"), 4, look.scene->front().data());
  glUniform1f(shader_.uniform("grid_alpha"), look.grid_alpha);
  glUniform1f(shader_.uniform("zoom"), look.zoom);
  glDisable(GL_BLEND);
  scissor(clip, framebuffer_height);
  glDrawArraysInstanced(GL_TRIANGLE_STRIP, 0, 4, static_cast<GLsizei>(quads.size()));
  glBindVertexArray(0);
}

void fill(PixelRect rect, int framebuffer_height, float r, float g, float b) {
  if (rect.width <= 0 || rect.height <= 0) return;
  scissor(rect, framebuffer_height);
  glClearColor(r, g, b, 1);
  glClear(GL_COLOR_BUFFER_BIT);
  glDisable(GL_SCISSOR_TEST);
}

}  // namespace kiln
