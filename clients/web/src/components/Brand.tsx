export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 32 32" aria-hidden="true">
      <path
        d="M16 4.5a11.5 11.5 0 1 1-5.4 21.65L5 27.5l1.35-5.4A11.5 11.5 0 0 1 16 4.5Z"
        fill="none"
        stroke="currentColor"
        strokeWidth="3"
        strokeLinejoin="round"
      />
      <path d="M8.3 16.2c2.6-1.7 5.1-1.7 7.7 0s5.1 1.7 7.7 0A7.7 7.7 0 0 1 8.3 16.2Z" fill="currentColor" />
    </svg>
  );
}

export function Wordmark() {
  return (
    <svg className="wordmark" viewBox="0 0 196 44" role="img" aria-label="CoolChat">
      <g fill="none" stroke="currentColor" strokeWidth="4" strokeLinecap="round">
        <path d="M20.7 18.3a9.5 9.5 0 1 0 0 13.4" />
        <circle cx="38" cy="25" r="9.5" />
        <circle cx="64.5" cy="25" r="9.5" />
        <path d="M82.5 7.5V34.5M108.2 18.3a9.5 9.5 0 1 0 0 13.4M118 7.5V34.5M118 24a8 8 0 0 1 16 0v10.5" />
        <circle cx="152.5" cy="25" r="9.5" />
        <path d="M162 15.5v19M174.5 9v19.5a6 6 0 0 0 6 6h1.5M169 16.5h12" />
      </g>
      <path d="M55 25.6c3.2-2 6.3-2 9.5 0s6.3 2 9.5 0a9.5 9.5 0 0 1-19 0Z" fill="currentColor" />
    </svg>
  );
}
