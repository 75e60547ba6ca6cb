/**
 * The frame of a message as HTML. Nothing is loaded from elsewhere, styles are inline, and colours are left to the reader's program,
 * so that it can be read on a dark screen as well.
 */
export const htmlLayout = `<!doctype html>
<html lang="{{locale}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>{{subject}}</title>
</head>
<body style="margin:0;padding:24px;font-family:-apple-system,'Segoe UI',Roboto,'Hiragino Sans','Noto Sans JP',sans-serif;font-size:16px;line-height:1.5">
<div style="max-width:600px;margin:0 auto">
<p style="margin:0 0 24px;font-weight:bold">{{shop_name}}</p>
<p>{{greeting}}</p>
{{#each paragraphs}}<p>{{this}}</p>
{{/each}}{{#if link}}<p style="margin:24px 0"><a href="{{link.url}}" style="display:inline-block;padding:10px 18px;border-radius:6px;background-color:#1d4ed8;color:#ffffff;text-decoration:none">{{link.text}}</a></p>
{{/if}}{{#if facts}}<p>{{#each facts}}{{label}}: <strong>{{value}}</strong><br>
{{/each}}</p>
{{/if}}{{#if lines}}<table width="100%" cellpadding="0" cellspacing="0" style="border-collapse:collapse;margin:16px 0">
{{#each lines}}<tr><td style="padding:8px 0;border-bottom:1px solid #88888866">{{name}}<br><span style="opacity:0.7">{{sku}}</span></td><td style="padding:8px 12px;border-bottom:1px solid #88888866;white-space:nowrap">{{quantity}} × {{unit_price}}</td><td align="right" style="padding:8px 0;border-bottom:1px solid #88888866;white-space:nowrap">{{total}}</td></tr>
{{/each}}{{#each sums}}<tr><td colspan="2" style="padding:4px 0">{{label}}</td><td align="right" style="padding:4px 0;white-space:nowrap">{{value}}</td></tr>
{{/each}}</table>
{{/if}}{{#if address}}<p><strong>{{labels.address}}</strong><br>
{{#each address}}{{this}}<br>
{{/each}}</p>
{{/if}}<p>{{#each closing}}{{this}}<br>
{{/each}}</p>
</div>
</body>
</html>
`;

/** The frame of a message as plain text. */
export const textLayout = `{{greeting}}

{{#each paragraphs}}{{this}}

{{/each}}{{#if link}}{{link.text}}: {{link.url}}

{{/if}}{{#if facts}}{{#each facts}}{{label}}: {{value}}
{{/each}}

{{/if}}{{#if lines}}{{#each lines}}{{quantity}} × {{name}} ({{sku}})
    {{total}}
{{/each}}

{{/if}}{{#if sums}}{{#each sums}}{{label}}: {{value}}
{{/each}}

{{/if}}{{#if address}}{{labels.address}}:
{{#each address}}  {{this}}
{{/each}}

{{/if}}{{#each closing}}{{this}}
{{/each}}`;
